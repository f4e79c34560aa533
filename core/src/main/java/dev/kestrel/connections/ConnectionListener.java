package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;

/** A bound endpoint that gives out connections. */
public interface ConnectionListener extends AutoCloseable {

    /**
     * Where this listener is bound, with the port that the system chose when it was asked for port
     * 0.
     *
     * @return the address in use
     */
    SocketAddress endPoint();

    /**
     * Waits for the next connection. One thread accepts at a time. A failure that concerns one
     * connection, or that passes (no file descriptors left), is dealt with inside and does not end
     * the listener.
     *
     * @return a connection that the caller owns, or {@code null} after {@link #unbind()}
     * @throws IOException when the listener can accept no more
     */
    @Nullable ConnectionContext accept() throws IOException;

    /**
     * Makes the thread that is to accept from this listener.
     *
     * @param task what the thread does
     * @return a virtual thread that is not started
     */
    default Thread newThread(Runnable task) {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(task);
    }

    /**
     * Stops accepting: a pending and every later {@link #accept()} returns {@code null}. May be
     * called from any thread.
     */
    void unbind();

    /** Unbinds and releases everything but the connections that were given out. */
    @Override
    void close();
}
