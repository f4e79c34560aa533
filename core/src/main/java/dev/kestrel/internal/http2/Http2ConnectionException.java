package dev.kestrel.internal.http2;

import java.io.IOException;

/** An error after which the connection can not go on (RFC 9113 section 5.4.1). */
sealed class Http2ConnectionException extends IOException permits Http2AbortException {

    private static final long serialVersionUID = 1L;

    private final Http2ErrorCode code;

    Http2ConnectionException(Http2ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /** What GOAWAY says. */
    Http2ErrorCode code() {
        return code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
