package dev.kestrel.http;

/** The grammar of field names and values (RFC 9110 section 5), as it applies to what is sent. */
public final class FieldSyntax {

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private FieldSyntax() {}

    /**
     * Whether a character may occur in a token (RFC 9110 section 5.6.2).
     *
     * @param c a character or an unsigned byte
     * @return true for letters, digits and {@code !#$%&'*+-.^_`|~}
     */
    public static boolean isTokenCharacter(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    /**
     * Whether a text is a token.
     *
     * @param text the text
     * @return true when it is not empty and has token characters only
     */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Finds what may not be sent in a field's value or a reason phrase.
     *
     * @param value the text
     * @return the index of the first character that is not visible ASCII, a space or a tab; -1 when
     *     there is none
     */
    public static int indexOfInvalidValueCharacter(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c > 0x7e) {
                return i;
            }
        }
        return -1;
    }

    static long requireContentLength(String value) {
        long length = parseDigits(value);
        if (length < 0) {
            throw new IllegalArgumentException(
                    "'" + printable(value) + "' is not a Content-Length");
        }
        return length;
    }

    static void requireName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(
                    "'"
                            + printable(name)
                            + "' is not a header field name: RFC 9110 section 5.1 allows letters,"
                            + " digits and !#$%&'*+-.^_`|~");
        }
    }

    static void requireValue(String name, String value) {
        int bad = indexOfInvalidValueCharacter(value);
        if (bad >= 0) {
            throw new IllegalArgumentException(
                    "The value of header field '"
                            + name
                            + "' has the character 0x"
                            + Integer.toHexString(value.charAt(bad))
                            + " at index "
                            + bad
                            + ": only visible ASCII, spaces and tabs can be sent");
        }
    }

    /**
     * Reads {@code 1*DIGIT}: no sign, no space.
     *
     * @param text the text
     * @return the number, or -1 when it is none or does not fit a {@code long}
     */
    public static long parseDigits(String text) {
        int length = text.length();
        if (length == 0 || length > 19) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
            if (number < 0) {
                return -1;
            }
        }
        return number;
    }

    /**
     * Makes a text fit for a log line or a message: what is not visible ASCII becomes an escape,
     * and it is cut to 100 characters.
     *
     * @param text any text
     * @return visible ASCII and spaces
     */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < 100; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                out.append("\\x").append(Integer.toHexString(c));
            } else {
                out.append(c);
            }
        }
        return text.length() > 100 ? out.append("...").toString() : out.toString();
    }
}
