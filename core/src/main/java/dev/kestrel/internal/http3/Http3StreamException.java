package dev.kestrel.internal.http3;

import java.io.IOException;

/** An error of one stream, which the others survive (RFC 9114 section 8). */
final class Http3StreamException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long code;

    Http3StreamException(long code, String message) {
        super(message);
        this.code = code;
    }

    /** What the stream is reset with. */
    long code() {
        return code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
