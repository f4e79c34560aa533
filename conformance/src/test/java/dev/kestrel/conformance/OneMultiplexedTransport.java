package dev.kestrel.conformance;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.tls.TlsHostSelector;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A transport with a single connection of many streams. */
final class OneMultiplexedTransport
        implements MultiplexedConnectionListenerFactory, MultiplexedConnectionListener {

    private final AtomicReference<@Nullable MultiplexedConnectionContext> connection;
    private final CountDownLatch unbound = new CountDownLatch(1);

    OneMultiplexedTransport(MultiplexedConnectionContext connection) {
        this.connection = new AtomicReference<>(connection);
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint.equals(OneConnectionTransport.END_POINT);
    }

    @Override
    public MultiplexedConnectionListener bind(
            SocketAddress endPoint, TlsHostSelector hosts, MultiplexedLimits limits) {
        return this;
    }

    @Override
    public SocketAddress endPoint() {
        return OneConnectionTransport.END_POINT;
    }

    @Override
    public @Nullable MultiplexedConnectionContext accept() {
        MultiplexedConnectionContext first = connection.getAndSet(null);
        if (first != null) {
            return first;
        }
        try {
            unbound.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    @Override
    public void unbind() {
        unbound.countDown();
    }

    @Override
    public void close() {
        unbind();
    }
}
