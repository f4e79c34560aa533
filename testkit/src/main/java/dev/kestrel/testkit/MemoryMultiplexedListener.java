package dev.kestrel.testkit;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.tls.TlsHostSelector;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/** Gives out the connections of many streams that clients made. */
final class MemoryMultiplexedListener implements MultiplexedConnectionListener {

    private final MemoryEndPoint endPoint;
    private final TlsHostSelector hosts;
    private final MultiplexedLimits limits;
    private final MemoryBacklog<MemoryMultiplexedServerConnection> backlog;

    MemoryMultiplexedListener(
            MemoryEndPoint endPoint,
            TlsHostSelector hosts,
            MultiplexedLimits limits,
            Runnable onUnbound) {
        this.endPoint = endPoint;
        this.hosts = hosts;
        this.limits = limits;
        backlog = new MemoryBacklog<>(onUnbound, MemoryMultiplexedServerConnection::refuse);
    }

    TlsHostSelector hosts() {
        return hosts;
    }

    MultiplexedLimits limits() {
        return limits;
    }

    /** Puts a connection into the backlog; false when nobody will accept it. */
    boolean offer(MemoryMultiplexedServerConnection connection) {
        return backlog.offer(connection);
    }

    @Override
    public SocketAddress endPoint() {
        return endPoint;
    }

    @Override
    public @Nullable MultiplexedConnectionContext accept() {
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
