package dev.kestrel.connections.multiplexed;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;

/** A bound endpoint that gives out multiplexed connections, whose handshakes are over. */
public interface MultiplexedConnectionListener extends AutoCloseable {

    /**
     * Where this listener is bound, with the port that the system chose when it was asked for port
     * 0.
     *
     * @return the address in use
     */
    SocketAddress endPoint();

    /**
     * Waits for the next connection. One thread accepts at a time.
     *
     * @return a connection that the caller owns, or {@code null} after {@link #unbind()}
     * @throws IOException when the listener can accept no more
     */
    @Nullable MultiplexedConnectionContext accept() throws IOException;

    /**
     * Stops accepting: a pending and every later {@link #accept()} returns {@code null};
     * connections that were given out go on. May be called from any thread.
     */
    void unbind();

    /** Unbinds and releases everything. Connections that are still open are aborted. */
    @Override
    void close();
}
