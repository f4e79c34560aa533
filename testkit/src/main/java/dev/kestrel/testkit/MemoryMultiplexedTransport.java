package dev.kestrel.testkit;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A transport for connections of many streams inside this process: what QUIC is to sockets this is
 * to {@link MemoryTransport}. Streams have the numbers of RFC 9000 section 2.1. There is no TLS,
 * but the endpoint is asked for a certificate, and connections say that they are encrypted. Safe
 * for use by any thread.
 */
public final class MemoryMultiplexedTransport implements MultiplexedConnectionListenerFactory {

    private final MemoryPool pool;
    private final Map<MemoryEndPoint, MemoryMultiplexedListener> listeners = new HashMap<>();
    private volatile int bufferSize = MemoryTransport.DEFAULT_BUFFER_SIZE;

    /**
     * Makes a transport with no listeners.
     *
     * @param pool where the connections' memory comes from
     */
    public MemoryMultiplexedTransport(MemoryPool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
    }

    /**
     * Sets how many bytes each direction of the streams to come holds before its writer waits.
     * Default: {@link MemoryTransport#DEFAULT_BUFFER_SIZE}.
     *
     * @param bytes 1 and up
     * @return this
     */
    public MemoryMultiplexedTransport bufferSize(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bufferSize must be 1 or more, not " + bytes);
        }
        bufferSize = bytes;
        return this;
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint instanceof MemoryEndPoint;
    }

    @Override
    public MultiplexedConnectionListener bind(
            SocketAddress endPoint, TlsHostSelector hosts, MultiplexedLimits limits)
            throws IOException {
        if (!(endPoint instanceof MemoryEndPoint place)) {
            throw new IllegalArgumentException("The memory transport can not bind " + endPoint);
        }
        synchronized (listeners) {
            if (listeners.containsKey(place)) {
                throw new BindException(place + " is in use");
            }
            MemoryMultiplexedListener listener =
                    new MemoryMultiplexedListener(place, hosts, limits, () -> release(place));
            listeners.put(place, listener);
            return listener;
        }
    }

    /**
     * Connects as a client that wants {@code localhost}.
     *
     * @param endPoint where a server listens
     * @return the client's end, which the caller owns
     * @throws IOException when nobody listens there
     */
    public MemoryMultiplexedConnection connect(MemoryEndPoint endPoint) throws IOException {
        return connect(endPoint, "localhost");
    }

    /**
     * Connects as a client.
     *
     * @param endPoint where a server listens
     * @param serverName the name that is wanted, or {@code null} to give none
     * @return the client's end, which the caller owns
     * @throws IOException when nobody listens there, or the name is refused
     */
    public MemoryMultiplexedConnection connect(MemoryEndPoint endPoint, @Nullable String serverName)
            throws IOException {
        MemoryMultiplexedListener listener;
        synchronized (listeners) {
            listener = listeners.get(endPoint);
        }
        if (listener == null) {
            throw new ConnectException("Nobody listens on " + endPoint);
        }
        shakeHands(listener.hosts(), serverName);
        MemoryMultiplexedServerConnection server =
                new MemoryMultiplexedServerConnection(
                        endPoint, pool, bufferSize, listener.limits(), serverName);
        if (!listener.offer(server)) {
            throw new ConnectException("Nobody listens on " + endPoint + " any more");
        }
        return new MemoryMultiplexedConnection(server);
    }

    private static void shakeHands(TlsHostSelector hosts, @Nullable String serverName)
            throws IOException {
        hosts.handshakeStarted();
        boolean completed = false;
        try {
            TlsEngineSettings host = hosts.select(serverName);
            if (host == null) {
                throw new ConnectException("The server has no certificate for " + serverName);
            }
            completed = true;
        } catch (GeneralSecurityException e) {
            throw new IOException("The server's certificate can not be used", e);
        } finally {
            hosts.handshakeEnded(completed);
        }
    }

    private void release(MemoryEndPoint place) {
        synchronized (listeners) {
            listeners.remove(place);
        }
    }
}
