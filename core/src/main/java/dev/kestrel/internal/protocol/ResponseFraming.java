package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

/**
 * Which responses have a body, and what {@code Content-Length} may say (RFC 9110 section 6.4.1, RFC
 * 9112 section 6).
 */
public final class ResponseFraming {

    private ResponseFraming() {}

    /** Whether a response has a body when it answers anything but HEAD and CONNECT. */
    public static boolean statusAllowsBody(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 304;
    }

    /** Whether a response has bytes of a body on the wire. */
    public static boolean hasBody(int status, String method) {
        return statusAllowsBody(status) && !method.equals("HEAD") && !isTunnel(status, method);
    }

    /** Whether a response turns the connection, or the stream, into a tunnel. */
    public static boolean isTunnel(int status, String method) {
        return status >= 200 && status < 300 && method.equals("CONNECT");
    }

    /**
     * Takes a {@code Content-Length: 0} away where none may be sent, and refuses any other there.
     *
     * @throws IllegalStateException when the application promised a body that can not be
     */
    public static void checkLength(int status, String method, HttpHeaders headers) {
        if (statusAllowsBody(status) && !isTunnel(status, method)) {
            return;
        }
        long length = headers.contentLength();
        if (headers.contains(KnownHeader.TRANSFER_ENCODING) && status != 304) {
            throw new IllegalStateException(
                    "A response with status " + status + " can not have Transfer-Encoding");
        }
        if (length > 0 && status != 304) {
            throw new IllegalStateException(
                    "A response with status "
                            + status
                            + " has no body: Content-Length can not be "
                            + length);
        }
        if (length == 0 && status != 205 && status != 304) {
            headers.remove(KnownHeader.CONTENT_LENGTH);
        }
    }
}
