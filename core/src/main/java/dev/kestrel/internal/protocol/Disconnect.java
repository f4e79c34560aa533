package dev.kestrel.internal.protocol;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.StreamResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Tells the end of a connection or a stream, which either side may choose at any time, from a
 * failure.
 */
public final class Disconnect {

    /** So many causes deep; a chain may be a circle. */
    private static final int DEPTH = 10;

    private Disconnect() {}

    /**
     * An exception that says the same: one that was thrown before may be suppressed by now, or be
     * on its way on another thread.
     */
    public static IOException again(IOException reason) {
        String message = String.valueOf(reason.getMessage());
        return switch (reason) {
            case StreamResetException reset ->
                    new StreamResetException(message, reset.errorCode(), reset.isByPeer());
            case ConnectionResetException reset -> new ConnectionResetException(message, reset);
            case ConnectionAbortedException aborted ->
                    new ConnectionAbortedException(message, aborted);
            default -> new IOException(message, reason);
        };
    }

    /**
     * Whether an exception says, itself or in what it wraps, that the connection or stream ended.
     */
    public static boolean isCauseOf(Throwable error) {
        @Nullable Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEPTH; depth++) {
            if (cause instanceof ConnectionResetException
                    || cause instanceof ConnectionAbortedException
                    || cause instanceof StreamResetException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
