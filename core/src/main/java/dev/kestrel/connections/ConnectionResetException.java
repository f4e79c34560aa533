package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The peer ended the connection before its time, or the network did. Not an error of this server.
 */
public class ConnectionResetException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long errorCode;

    /**
     * Makes one.
     *
     * @param message what was seen
     * @param cause the platform's error, or {@code null}
     */
    public ConnectionResetException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.errorCode = -1;
    }

    /**
     * Makes one for a transport whose peers say why.
     *
     * @param message what was seen
     * @param errorCode what the peer said, a number of the protocol that runs on the connection
     */
    public ConnectionResetException(String message, long errorCode) {
        super(message);
        this.errorCode = errorCode;
    }

    /**
     * What the peer said.
     *
     * @return a number of the protocol that runs on the connection, or -1 when the peer said
     *     nothing
     */
    public long errorCode() {
        return errorCode;
    }
}
