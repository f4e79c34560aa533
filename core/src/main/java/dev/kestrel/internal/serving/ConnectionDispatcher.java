package dev.kestrel.internal.serving;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.MemoryPoolFeature;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * The accept loop of one listener, in a virtual thread of its own. Each connection gets a virtual
 * thread that is named after it.
 */
final class ConnectionDispatcher {

    private static final System.Logger LOG = System.getLogger(ConnectionDispatcher.class.getName());

    /** How long a listener may take to notice that it was unbound. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ConnectionSource listener;
    private final ConnectionManager connections;
    private final MemoryPoolFeature pool;
    private @Nullable Thread loop;

    ConnectionDispatcher(
            ConnectionSource listener, ConnectionManager connections, MemoryPoolFeature pool) {
        this.listener = listener;
        this.connections = connections;
        this.pool = pool;
    }

    SocketAddress endPoint() {
        return listener.endPoint();
    }

    /** Starts accepting. */
    void start() {
        Thread thread = listener.newThread(this::acceptConnections);
        thread.setName("kestrel-accept-" + listener.endPoint());
        loop = thread;
        thread.start();
    }

    private void acceptConnections() {
        try {
            while (true) {
                ConnectionSource.Accepted connection = listener.accept();
                if (connection == null) {
                    return;
                }
                dispatch(connection);
            }
        } catch (Throwable e) { // The last frame of the loop's thread.
            LOG.log(
                    Level.ERROR,
                    "The listener on "
                            + listener.endPoint()
                            + " failed and accepts no more connections; others go on",
                    e);
            // Callers are refused from now on, instead of waiting in a backlog that nobody empties.
            listener.unbind();
        }
    }

    /**
     * Starts a connection. One that can not be started, for lack of memory say, is closed alone.
     */
    private void dispatch(ConnectionSource.Accepted accepted) {
        BaseConnectionContext context = accepted.context();
        KestrelConnection connection =
                new KestrelConnection(context, accepted.pipeline(), connections, pool);
        connections.add(connection);
        try {
            Thread thread = context.newThread(connection);
            thread.setName(context.connectionId());
            thread.start();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, () -> connection + " could not be started", e);
            connections.remove(connection);
            context.close();
        }
    }

    /** Tells the listener to stop accepting. */
    void unbind() {
        listener.unbind();
    }

    /** Waits until the loop has ended: no connection is added after that. */
    void awaitEnd() throws InterruptedException {
        Thread thread = loop;
        if (thread != null && !thread.join(PATIENCE)) {
            LOG.log(
                    Level.WARNING,
                    "The listener on " + listener.endPoint() + " does not stop accepting");
        }
    }

    /** Releases the listener. */
    void close() {
        listener.close();
    }
}
