package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

import java.util.List;

/**
 * Reads fields whose values are lists or words (RFC 9110 section 5.6), the same in all versions.
 */
public final class FieldLists {

    private FieldLists() {}

    /**
     * Whether the client waits for 100 Continue before it sends the body (RFC 9110 section 10.1.1).
     *
     * @throws RejectedRequestException when it expects something else
     */
    public static boolean expectsContinue(HttpHeaders headers) throws RejectedRequestException {
        if (!headers.contains(KnownHeader.EXPECT)) {
            return false;
        }
        List<String> expectations = elements(headers, KnownHeader.EXPECT);
        if (expectations.size() != 1 || !isWord(expectations.getFirst(), "100-continue")) {
            throw RequestRejectionReason.UNSUPPORTED_EXPECTATION.exception();
        }
        return true;
    }

    /**
     * The elements of a list-based field over all its lines; empty ones do not count (RFC 9110
     * section 5.6.1.2).
     */
    public static List<String> elements(HttpHeaders headers, KnownHeader header) {
        return headers.getAll(header.wireName()).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .map(FieldLists::trim)
                .filter(element -> !element.isEmpty())
                .toList();
    }

    /** OWS is space and tab, nothing else that a library may take for white space. */
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Whether a character is OWS (RFC 9110 section 5.6.3). */
    public static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a text is this word of lower-case ASCII, whatever the case. */
    public static boolean isWord(String text, String lower) {
        return isWord(text, 0, text.length(), lower);
    }

    /**
     * Whether a part of a text is this word of lower-case ASCII, whatever the case. Of ASCII alone:
     * for {@code equalsIgnoreCase} the Kelvin sign is a k, and who sits in front of this server may
     * think otherwise.
     */
    public static boolean isWord(String text, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            char wanted = lower.charAt(i);
            char c = text.charAt(from + i);
            boolean upper = (c ^ wanted) == 0x20 && wanted >= 'a' && wanted <= 'z';
            if (c != wanted && !upper) {
                return false;
            }
        }
        return true;
    }
}
