package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/**
 * Gives out the connections that clients made. Those that nobody accepted are reset when it
 * unbinds.
 */
final class MemoryListener implements ConnectionListener {

    private final MemoryEndPoint endPoint;
    private final MemoryBacklog<MemoryServerConnection> backlog;

    MemoryListener(MemoryEndPoint endPoint, Runnable onUnbound) {
        this.endPoint = endPoint;
        backlog = new MemoryBacklog<>(onUnbound, MemoryServerConnection::refuse);
    }

    /** Puts a connection into the backlog; false when nobody will accept it. */
    boolean offer(MemoryServerConnection connection) {
        return backlog.offer(connection);
    }

    @Override
    public SocketAddress endPoint() {
        return endPoint;
    }

    @Override
    public @Nullable ConnectionContext accept() {
        return backlog.accept();
    }

    @Override
    public void unbind() {
        backlog.unbind();
    }

    @Override
    public void close() {
        unbind();
    }
}
