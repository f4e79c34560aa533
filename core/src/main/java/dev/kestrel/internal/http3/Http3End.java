package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionAbortedException;

/**
 * Why and how a connection ends.
 *
 * @param code what the client is told
 * @param reason what streams see that still run
 * @param graceful whether everything that was begun has come to its end
 */
record Http3End(long code, ConnectionAbortedException reason, boolean graceful) {

    /** Nobody wants more, and no stream runs. */
    static final Http3End GRACEFUL =
            new Http3End(
                    Http3ErrorCode.NO_ERROR,
                    new ConnectionAbortedException("The connection closes"),
                    true);

    /** The client has done what the connection does not survive. */
    static Http3End error(Http3ConnectionException error) {
        return new Http3End(
                error.code(),
                new ConnectionAbortedException(
                        "The connection ends with "
                                + Http3ErrorCode.nameOf(error.code())
                                + ": "
                                + String.valueOf(error.getMessage())),
                false);
    }

    /** This side wants to go on no more. */
    static Http3End aborted(ConnectionAbortedException reason) {
        return new Http3End(Http3ErrorCode.INTERNAL_ERROR, reason, false);
    }

    /** The transport has ended. */
    static Http3End lost(Throwable error) {
        return new Http3End(
                Http3ErrorCode.NO_ERROR,
                new ConnectionAbortedException("The connection has ended", error),
                false);
    }
}
