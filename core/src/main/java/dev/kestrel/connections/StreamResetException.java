package dev.kestrel.connections;

import java.io.IOException;

/**
 * One stream of a connection has ended before its time; the connection and its other streams go on.
 * HTTP/2 and HTTP/3 say it with a code (RFC 9113 section 7, RFC 9114 section 8.1).
 */
public final class StreamResetException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long errorCode;
    private final boolean byPeer;

    /**
     * Makes the exception.
     *
     * @param message what happened
     * @param errorCode the code on the wire
     * @param byPeer whether the peer has reset the stream, and not this side
     */
    public StreamResetException(String message, long errorCode, boolean byPeer) {
        super(message);
        this.errorCode = errorCode;
        this.byPeer = byPeer;
    }

    /**
     * Why, as a number of the protocol.
     *
     * @return the code on the wire
     */
    public long errorCode() {
        return errorCode;
    }

    /**
     * Who has ended the stream.
     *
     * @return true for the peer, false for this side
     */
    public boolean isByPeer() {
        return byPeer;
    }

    /** Without a stack trace: where it was noticed says nothing about why. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
