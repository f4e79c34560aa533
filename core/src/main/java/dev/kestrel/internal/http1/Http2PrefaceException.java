package dev.kestrel.internal.http1;

import java.io.IOException;

/**
 * The first line is {@code PRI * HTTP/2.0}: an HTTP/2 client with prior knowledge (RFC 9113 section
 * 3.4).
 */
final class Http2PrefaceException extends IOException {

    private static final long serialVersionUID = 1L;

    /** GOAWAY, last stream 0, HTTP_1_1_REQUIRED (RFC 9113 sections 6.8 and 7). */
    static final byte[] GOAWAY_HTTP_1_1_REQUIRED = {
        0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d
    };

    Http2PrefaceException() {
        super("The client speaks HTTP/2 to an endpoint that does not");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
