package dev.kestrel.internal.protocol;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.StreamResetException;

import org.jspecify.annotations.Nullable;

/**
 * Tells the end of a connection or a stream, which either side may choose at any time, from a
 * failure.
 */
public final class Disconnect {

    /** So many causes deep; a chain may be a circle. */
    private static final int DEPTH = 10;

    private Disconnect() {}

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
