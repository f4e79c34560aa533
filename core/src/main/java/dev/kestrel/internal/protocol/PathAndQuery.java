package dev.kestrel.internal.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Takes {@code :path} apart (RFC 9113 section 8.3.1, RFC 9114 section 4.3.1): a path that begins
 * with a slash, and a query. A path that comes as the same object as the last one is not looked at
 * again.
 */
final class PathAndQuery {

    private String raw = "/";
    private String path = "/";
    private String query = "";

    /**
     * Reads a path and query.
     *
     * @return whether it is well-formed; when it is not, what was read before is still there
     */
    // What matters is that it is the same object: the same text is found by looking at it.
    @SuppressWarnings("ReferenceEquality")
    boolean parse(String text) {
        if (text == raw) {
            return true;
        }
        if (text.isEmpty() || text.charAt(0) != '/') {
            return false;
        }
        int length = text.length();
        int end = length;
        boolean plain = true;
        for (int i = 1; i < length; i++) {
            char c = text.charAt(i);
            // As in a request line, where a space or a control character would end it.
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
            if (end == length) {
                if (c == '?') {
                    end = i;
                } else if (c == '%' || (c == '.' && text.charAt(i - 1) == '/')) {
                    plain = false;
                }
            }
        }
        String decoded;
        if (plain) {
            decoded = text.substring(0, end);
        } else {
            try {
                decoded = PathDecoder.decode(text.getBytes(StandardCharsets.ISO_8859_1), 0, end);
            } catch (RejectedRequestException e) {
                // %00, which is a malformed path here and not a status.
                return false;
            }
        }
        raw = text;
        path = decoded;
        query = text.substring(end);
        return true;
    }

    void applyTo(ProtocolRequest request) {
        request.setTarget(raw, path, query);
    }
}
