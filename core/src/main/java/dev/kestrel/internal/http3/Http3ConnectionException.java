package dev.kestrel.internal.http3;

import java.io.IOException;

/** An error after which the connection can not go on (RFC 9114 section 8). */
final class Http3ConnectionException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long code;

    Http3ConnectionException(long code, String message) {
        super(message);
        this.code = code;
    }

    /** What the connection is closed with. */
    long code() {
        return code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
