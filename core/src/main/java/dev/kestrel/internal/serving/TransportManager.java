package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.connections.MemoryPoolFeature;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns the listeners: binds them, starts their accept loops and stops them. For one thread at a
 * time.
 */
final class TransportManager {

    private static final System.Logger LOG = System.getLogger(TransportManager.class.getName());

    private final List<ConnectionListenerFactory> transports;
    private final ConnectionManager connections;
    private final MemoryPoolFeature pool;
    private final List<ConnectionDispatcher> dispatchers = new ArrayList<>();

    TransportManager(
            List<ConnectionListenerFactory> transports,
            ConnectionManager connections,
            MemoryPoolFeature pool) {
        this.transports = List.copyOf(transports);
        this.connections = connections;
        this.pool = pool;
    }

    /**
     * Binds an endpoint with the last transport that can. The caller owns the listener until {@link
     * #start}.
     */
    ConnectionListener bind(SocketAddress endPoint) throws IOException {
        for (ConnectionListenerFactory transport : transports.reversed()) {
            if (transport.canBind(endPoint)) {
                return transport.bind(endPoint);
            }
        }
        throw new IOException(
                "No transport can listen on "
                        + endPoint
                        + " ("
                        + endPoint.getClass().getSimpleName()
                        + "); register one that can with transport(...)");
    }

    /** Starts to accept on a listener, which is this object's from now on. */
    void start(ConnectionSource listener) {
        ConnectionDispatcher dispatcher = new ConnectionDispatcher(listener, connections, pool);
        dispatchers.add(dispatcher);
        dispatcher.start();
    }

    /** Stops accepting everywhere. When this returns no further connection will come. */
    void unbind() throws InterruptedException {
        for (ConnectionDispatcher dispatcher : dispatchers) {
            quietly("unbound", dispatcher, dispatcher::unbind);
        }
        for (ConnectionDispatcher dispatcher : dispatchers) {
            dispatcher.awaitEnd();
        }
    }

    /** Releases the listeners. */
    void close() {
        for (ConnectionDispatcher dispatcher : dispatchers) {
            quietly("closed", dispatcher, dispatcher::close);
        }
    }

    private static void quietly(String what, ConnectionDispatcher dispatcher, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "The listener on " + dispatcher.endPoint() + " could not be " + what,
                    e);
        }
    }
}
