package dev.kestrel.internal.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Makes the path of a request target what applications see: percent-decoded except {@code %2F},
 * then without dot segments (RFC 3986 section 5.2.4). Escapes that are no valid UTF-8 stay as they
 * were. The original's {@code PathDecoder}, {@code UrlDecoder} and {@code PathNormalizer}.
 */
public final class PathDecoder {

    private PathDecoder() {}

    /**
     * Decodes a path.
     *
     * @param array visible ASCII
     * @param from where the path begins; its first byte is {@code /}
     * @param to where it ends
     * @return the path
     * @throws RejectedRequestException when it has {@code %00}
     */
    public static String decode(byte[] array, int from, int to) throws RejectedRequestException {
        boolean escapes = false;
        boolean dots = false;
        for (int i = from; i < to; i++) {
            byte b = array[i];
            escapes |= b == '%';
            dots |= b == '.' && array[i - 1] == '/';
        }
        if (!escapes) {
            String path = new String(array, from, to - from, StandardCharsets.ISO_8859_1);
            return dots ? removeDotSegments(path) : path;
        }
        return removeDotSegments(unescape(array, from, to));
    }

    private static String unescape(byte[] array, int from, int to) throws RejectedRequestException {
        byte[] out = new byte[to - from];
        int length = 0;
        int i = from;
        while (i < to) {
            int decoded = array[i] == '%' ? decodeSequence(array, i, to, out, length) : 0;
            if (decoded == 0) {
                out[length++] = array[i++];
            } else {
                length += decoded;
                i += 3 * decoded;
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * Decodes one character of one to four escapes; returns its bytes, or 0 to leave the percent
     * sign as it is.
     */
    private static int decodeSequence(byte[] array, int at, int to, byte[] out, int length)
            throws RejectedRequestException {
        int first = escaped(array, at, to);
        if (first < 0 || first == '/') {
            return 0;
        }
        if (first == 0) {
            throw RequestRejectionReason.INVALID_REQUEST_TARGET.exception();
        }
        out[length] = (byte) first;
        if (first < 0x80) {
            return 1;
        }
        int count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        for (int n = 1; n < count; n++) {
            int next = escaped(array, at + 3 * n, to);
            if (next == 0) {
                throw RequestRejectionReason.INVALID_REQUEST_TARGET.exception();
            }
            if (next < 0x80 || next > 0xbf || (n == 1 && !secondByteFits(first, next))) {
                return 0;
            }
            out[length + n] = (byte) next;
        }
        return count;
    }

    /** Rules out overlong forms, surrogates and what lies above U+10FFFF (RFC 3629 section 4). */
    private static boolean secondByteFits(int first, int second) {
        return switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second <= 0x9f;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second <= 0x8f;
            default -> true;
        };
    }

    private static int escaped(byte[] array, int at, int to) {
        if (at + 2 >= to || array[at] != '%') {
            return -1;
        }
        int high = hex(array[at + 1]);
        int low = hex(array[at + 2]);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Removes {@code .} and {@code ..} segments; the result begins with a slash. */
    static String removeDotSegments(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int from = 0;
        while (from < path.length()) {
            int end = path.indexOf('/', from + 1);
            end = end < 0 ? path.length() : end;
            boolean last = end == path.length();
            int length = end - from;
            if (length == 2 && path.charAt(from + 1) == '.') {
                closeWhenLast(out, last);
            } else if (length == 3
                    && path.charAt(from + 1) == '.'
                    && path.charAt(from + 2) == '.') {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
                closeWhenLast(out, last);
            } else {
                out.append(path, from, end);
            }
            from = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    private static void closeWhenLast(StringBuilder out, boolean last) {
        if (last) {
            out.append('/');
        }
    }
}
