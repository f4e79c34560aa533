package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * This side ended the connection before its time: a timeout, a limit, the application, the server's
 * stop.
 */
public class ConnectionAbortedException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message why the connection was aborted
     */
    public ConnectionAbortedException(String message) {
        super(message);
    }

    /**
     * Makes one with a cause.
     *
     * @param message why the connection was aborted
     * @param cause what led to it
     */
    public ConnectionAbortedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
