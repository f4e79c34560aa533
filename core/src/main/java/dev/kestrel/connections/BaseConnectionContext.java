package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/** What connections of every kind have: a name, two endpoints, features, items, an end. */
public abstract class BaseConnectionContext implements AutoCloseable {

    private final FeatureCollection features = new FeatureCollection();
    private final Signal closed = new Signal();
    private @Nullable Map<Object, Object> items;

    /** For transports. */
    protected BaseConnectionContext() {}

    /**
     * The name of the connection in logs, unique in this process.
     *
     * @return a short text
     */
    public abstract String connectionId();

    /**
     * This side's address.
     *
     * @return the address, or {@code null} when the transport has none
     */
    public abstract @Nullable SocketAddress localAddress();

    /**
     * The peer's address. A middleware (PROXY protocol) may have replaced it.
     *
     * @return the address, or {@code null} when the transport has none
     */
    public abstract @Nullable SocketAddress remoteAddress();

    /**
     * What the connection can do beyond the common.
     *
     * @return a collection for the connection's own thread
     */
    public final FeatureCollection features() {
        return features;
    }

    /**
     * Anything that middleware wants to keep with the connection.
     *
     * @return a map for the connection's own thread
     */
    public final Map<Object, Object> items() {
        if (items == null) {
            items = new HashMap<>();
        }
        return items;
    }

    /**
     * Makes the thread that is to run this connection. A transport may have it carried by the
     * thread that waits for the connection's bytes; threads that it starts in turn are carried in
     * the same way.
     *
     * @param task what the thread does
     * @return a virtual thread that is not started
     */
    public Thread newThread(Runnable task) {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(task);
    }

    /**
     * Fires when the connection is known to have ended, by either side.
     *
     * @return the signal; its cause is {@code null} for a normal end
     */
    public final Signal closed() {
        return closed;
    }

    /**
     * Ends the connection at once: what is not sent yet is dropped, whoever reads or writes gets
     * {@code reason}, the peer sees a reset. May be called from any thread and more than once; the
     * first reason counts.
     *
     * @param reason why
     */
    public abstract void abort(ConnectionAbortedException reason);

    /**
     * Ends the connection in good order, and releases what it holds. Called once the pipeline has
     * returned, by whoever accepted the connection; calling it again does nothing.
     */
    @Override
    public abstract void close();
}
