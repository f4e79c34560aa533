package dev.kestrel.connections;

import java.io.IOException;

/**
 * Lets a connection that waits for its peer do so without memory for what may come, and without a
 * thread. Transports that can offer it.
 *
 * <p>The server's own: whoever lets the thread of a connection end must know that nothing else is
 * on its stack, no middleware that waits for what it called, and no application. So neither of them
 * may call it.
 */
public interface ConnectionRestFeature {

    /**
     * Reads what is there, without waiting for it. On the connection's thread; the next call is a
     * read, or {@link #rest}.
     *
     * @return false when there is nothing yet
     * @throws IOException when the transport failed or was aborted
     */
    default boolean readNow() throws IOException {
        return true;
    }

    /**
     * Waits on the connection's thread, without memory, until there is input, the connection has
     * ended, or {@link #wake()} was called. May return before that. The next call is a read, or
     * {@link #rest}.
     *
     * @throws IOException when the transport failed or was aborted
     */
    void awaitInput() throws IOException;

    /** Ends a wait of {@link #awaitInput()}. May be called from any thread, at any time. */
    void wake();

    /**
     * Waits without a thread. The calling one has done with the connection when this returns true,
     * for then another one may have begun already.
     *
     * @param task is run once, on a new thread of the connection, when there is input or the
     *     connection has ended, and maybe before that
     * @return false when there is something to read already; nothing is run then
     */
    boolean rest(Runnable task);

    /**
     * Starts the thread of a connection that rests, when that was tried and there was no memory for
     * it. Called from time to time.
     */
    default void retry() {}
}
