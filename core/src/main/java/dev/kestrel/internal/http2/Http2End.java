package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;

import java.io.IOException;

/**
 * Why and how a connection ends.
 *
 * @param code what GOAWAY says
 * @param lastStream the stream that GOAWAY names; {@link #HIGHEST} for the highest that was opened
 * @param exception what streams see that still run
 * @param how what is done before GOAWAY
 */
record Http2End(Http2ErrorCode code, int lastStream, IOException exception, How how) {

    /** The highest stream that the client has opened. */
    private static final int HIGHEST = -1;

    private enum How {
        /** Streams that run are ended. */
        END_STREAMS,
        /** The client was told in another way, or has not spoken HTTP/2 at all. */
        SILENT,
        /** The transport has failed. */
        LOST
    }

    /** Nobody wants more, and no stream runs. */
    static final Http2End GRACEFUL =
            new Http2End(
                    Http2ErrorCode.NO_ERROR,
                    HIGHEST,
                    new ConnectionAbortedException("The connection closes"),
                    How.END_STREAMS);

    /** The client has ended its side. */
    static final Http2End CLIENT_LEFT =
            new Http2End(
                    Http2ErrorCode.NO_ERROR,
                    HIGHEST,
                    new ConnectionResetException("The client has closed the connection", null),
                    How.END_STREAMS);

    /** The client has not answered a PING. */
    static final Http2End PING_TIMED_OUT =
            new Http2End(
                    Http2ErrorCode.INTERNAL_ERROR,
                    HIGHEST,
                    new ConnectionAbortedException("The client has not answered a PING"),
                    How.END_STREAMS);

    /** There is nothing to say. */
    static final Http2End SILENT =
            new Http2End(
                    Http2ErrorCode.NO_ERROR,
                    HIGHEST,
                    new ConnectionAbortedException("The client does not speak HTTP/2"),
                    How.SILENT);

    /** The client has made an error. */
    static Http2End error(Http2ConnectionException error) {
        boolean abuse = error instanceof Http2AbortException;
        return new Http2End(
                error.code(),
                abuse ? Integer.MAX_VALUE : HIGHEST,
                new ConnectionAbortedException(
                        "The connection ends with "
                                + error.code()
                                + ": "
                                + String.valueOf(error.getMessage())),
                How.END_STREAMS);
    }

    /** This side wants to go on no more. */
    static Http2End aborted(ConnectionAbortedException reason) {
        return new Http2End(
                Http2ErrorCode.INTERNAL_ERROR, Integer.MAX_VALUE, reason, How.END_STREAMS);
    }

    /** Something failed that should not. */
    static Http2End failed(Throwable error) {
        return aborted(new ConnectionAbortedException("The connection failed", error));
    }

    /** The transport has failed. */
    static Http2End lost(IOException error) {
        return new Http2End(Http2ErrorCode.INTERNAL_ERROR, HIGHEST, error, How.LOST);
    }

    boolean isSilent() {
        return how == How.SILENT;
    }

    boolean isLost() {
        return how == How.LOST;
    }

    int lastStream(int highest) {
        return lastStream == HIGHEST ? highest : lastStream;
    }
}
