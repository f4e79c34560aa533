package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The peer ended the connection before its time, or the network did. Not an error of this server.
 */
public class ConnectionResetException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what was seen
     * @param cause the platform's error, or {@code null}
     */
    public ConnectionResetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
