package dev.kestrel.internal.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How a client wants a response served beside others (RFC 9218 section 4).
 *
 * <p>A client that says nothing gets {@link #DEFAULT}, which shares the connection fairly. That is
 * not what the same values mean when they are said: {@code u=3} without {@code i} asks for one
 * response after the other.
 *
 * @param urgency from 0, first, to 7, last
 * @param incremental whether responses of this urgency take turns, or each waits for the one before
 */
public record Priority(int urgency, boolean incremental) {

    /** How many urgencies there are. */
    public static final int LEVELS = 8;

    /** What holds when nothing was said. */
    public static final Priority DEFAULT = new Priority(3, true);

    private static final Priority[] ALL = new Priority[LEVELS * 2];

    static {
        for (int i = 0; i < ALL.length; i++) {
            ALL[i] = new Priority(i / 2, i % 2 == 1);
        }
    }

    /** A priority that was said. */
    public static Priority of(int urgency, boolean incremental) {
        return ALL[urgency * 2 + (incremental ? 1 : 0)];
    }

    /**
     * Reads the value of a {@code Priority} field or a PRIORITY_UPDATE frame: a dictionary (RFC
     * 8941 section 3.2) of which {@code u} and {@code i} count. Unknown members, and values that
     * are out of range or of another type, are ignored (section 4).
     *
     * @return {@link #DEFAULT} when nothing of meaning was said, or the text is no dictionary
     */
    public static Priority parse(@Nullable String text) {
        if (text == null) {
            return DEFAULT;
        }
        int urgency = DEFAULT.urgency;
        boolean incremental = false;
        boolean said = false;
        int at = 0;
        while (at < text.length()) {
            int end = memberEnd(text, at);
            if (end < 0) {
                return DEFAULT;
            }
            String member = bare(text.substring(at, end));
            if (member.length() == 3
                    && member.startsWith("u=")
                    && member.charAt(2) >= '0'
                    && member.charAt(2) < '0' + LEVELS) {
                urgency = member.charAt(2) - '0';
                said = true;
            } else if (member.equals("i") || member.equals("i=?1")) {
                incremental = true;
                said = true;
            } else if (member.equals("i=?0")) {
                incremental = false;
                said = true;
            }
            at = end + 1;
        }
        return said ? of(urgency, incremental) : DEFAULT;
    }

    /** Where a member ends, at a comma that is in no string; -1 when a string does not end. */
    private static int memberEnd(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return quoted ? -1 : text.length();
    }

    /** The member without its parameters. */
    private static String bare(String member) {
        int parameters = member.indexOf(';');
        return (parameters < 0 ? member : member.substring(0, parameters)).strip();
    }
}
