package dev.kestrel.internal.http2;

import java.io.IOException;

/** An error of one stream, which the others survive (RFC 9113 section 5.4.2). */
final class Http2StreamException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int streamId;
    private final Http2ErrorCode code;

    Http2StreamException(int streamId, Http2ErrorCode code, String message) {
        super(message);
        this.streamId = streamId;
        this.code = code;
    }

    /** Which stream. */
    int streamId() {
        return streamId;
    }

    /** What RST_STREAM says. */
    Http2ErrorCode code() {
        return code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
