package dev.kestrel.internal.hpack;

/** Turns a value beyond ASCII into octets, as the options of the server say. */
@FunctionalInterface
public interface FieldOctets {

    /** Takes characters up to 255 as octets, and refuses others. */
    FieldOctets LATIN_1 = (name, value) -> value;

    /**
     * Turns a value into octets.
     *
     * @param name the field, in lower case
     * @param value a value with at least one character that is not ASCII
     * @return one character an octet
     */
    String octets(String name, String value);

    /**
     * Turns any value into octets that may be sent.
     *
     * @return one character an octet; the value itself when it is ASCII
     * @throws IllegalArgumentException when a charset has brought in what was refused as a
     *     character (RFC 9113 section 8.2.1)
     */
    default String safeOctets(HPackName name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return requireSafe(name, octets(name.text(), value));
            }
        }
        return value;
    }

    private static String requireSafe(HPackName name, String octets) {
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(
                        "The encoded value of " + name + " has a CR, LF or NUL");
            }
        }
        return octets;
    }
}
