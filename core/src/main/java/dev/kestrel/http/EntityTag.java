package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of one state of a resource (RFC 9110 section 8.8.3).
 *
 * @param opaque what stands between the quotes: visible ASCII or characters beyond it, without
 *     quotes
 * @param weak whether states that are merely equivalent may share it
 */
public record EntityTag(String opaque, boolean weak) {

    /** Checks the characters. */
    public EntityTag {
        for (int i = 0; i < opaque.length(); i++) {
            if (!isTagCharacter(opaque.charAt(i))) {
                throw new IllegalArgumentException(
                        "'" + FieldSyntax.printable(opaque) + "' can not stand in an entity tag");
            }
        }
    }

    /**
     * A tag that changes with every byte.
     *
     * @param opaque what stands between the quotes
     * @return the tag
     */
    public static EntityTag strong(String opaque) {
        return new EntityTag(opaque, false);
    }

    /**
     * A tag that stays while the meaning stays.
     *
     * @param opaque what stands between the quotes
     * @return the tag
     */
    public static EntityTag weak(String opaque) {
        return new EntityTag(opaque, true);
    }

    /**
     * Reads a single tag.
     *
     * @param text such as {@code "a1"} or {@code W/"a1"}, with the quotes
     * @return the tag, or {@code null} when the text is not one
     */
    public static @Nullable EntityTag parse(String text) {
        int end = endOfTag(text, 0);
        return end == text.length() ? at(text, 0, end) : null;
    }

    /**
     * Reads the list of {@code If-Match} or {@code If-None-Match}. Reading ends at the first thing
     * that is not a tag.
     *
     * @param fields the values of the fields, none of which is {@code *}
     * @return the tags in order
     */
    public static List<EntityTag> parseList(List<String> fields) {
        List<EntityTag> tags = new ArrayList<>();
        for (String field : fields) {
            int at = skip(field, 0);
            while (at < field.length()) {
                int end = endOfTag(field, at);
                if (end < 0) {
                    return tags;
                }
                tags.add(at(field, at, end));
                at = skipBlanks(field, end);
                if (at < field.length() && field.charAt(at) != ',') {
                    return tags;
                }
                at = skip(field, at);
            }
        }
        return tags;
    }

    /**
     * Whether both name the same bytes: neither is weak (RFC 9110 section 8.8.3.2).
     *
     * @param other another tag
     * @return true for a strong match
     */
    public boolean matchesStrongly(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /**
     * Whether both name the same meaning, weak or not (RFC 9110 section 8.8.3.2).
     *
     * @param other another tag
     * @return true for a weak match
     */
    public boolean matchesWeakly(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    /** The tag as it stands in a field. */
    @Override
    public String toString() {
        return (weak ? "W/\"" : "\"") + opaque + '"';
    }

    private static EntityTag at(String text, int from, int end) {
        boolean weak = text.charAt(from) == 'W';
        return new EntityTag(text.substring(from + (weak ? 3 : 1), end - 1), weak);
    }

    private static int endOfTag(String text, int from) {
        int at = text.startsWith("W/", from) ? from + 2 : from;
        if (at >= text.length() || text.charAt(at) != '"') {
            return -1;
        }
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                return at + 1;
            }
            if (!isTagCharacter(c)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isTagCharacter(char c) {
        return c > 0x20 && c != '"' && c != 0x7f;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    /** Lists may have empty elements (RFC 9110 section 5.6.1.2). */
    private static int skip(String text, int from) {
        int at = skipBlanks(text, from);
        while (at < text.length() && text.charAt(at) == ',') {
            at = skipBlanks(text, at + 1);
        }
        return at;
    }
}
