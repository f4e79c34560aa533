package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.pipelines.MemoryPool;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A transport inside this process: what a server writes lies in memory until the test reads it. The
 * server reads and writes through the same {@link dev.kestrel.pipelines.PipeReader} and {@link
 * dev.kestrel.pipelines.PipeWriter} classes that it uses with sockets. Safe for use by any thread.
 */
public final class MemoryTransport implements ConnectionListenerFactory {

    /**
     * How many bytes each direction holds before its writer waits, unless another number is set.
     */
    public static final int DEFAULT_BUFFER_SIZE = 1024 * 1024;

    private final MemoryPool pool;
    private final Map<MemoryEndPoint, MemoryListener> listeners = new HashMap<>();
    private volatile int bufferSize = DEFAULT_BUFFER_SIZE;

    /**
     * Makes a transport with no listeners.
     *
     * @param pool where the connections' memory comes from
     */
    public MemoryTransport(MemoryPool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
    }

    /**
     * Sets how many bytes each direction of the connections to come holds before its writer waits.
     * Default: {@link #DEFAULT_BUFFER_SIZE}.
     *
     * @param bytes 1 and up
     * @return this
     */
    public MemoryTransport bufferSize(int bytes) {
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
    public ConnectionListener bind(SocketAddress endPoint) throws IOException {
        if (!(endPoint instanceof MemoryEndPoint place)) {
            throw new IllegalArgumentException("The memory transport can not bind " + endPoint);
        }
        synchronized (listeners) {
            if (listeners.containsKey(place)) {
                throw new BindException(place + " is in use");
            }
            MemoryListener listener = new MemoryListener(place, () -> release(place));
            listeners.put(place, listener);
            return listener;
        }
    }

    /**
     * Connects as a client.
     *
     * @param endPoint where a server listens
     * @return the client's end, which the caller owns
     * @throws IOException when nobody listens there
     */
    public MemoryConnection connect(MemoryEndPoint endPoint) throws IOException {
        MemoryListener listener;
        synchronized (listeners) {
            listener = listeners.get(endPoint);
        }
        if (listener == null) {
            throw new ConnectException("Nobody listens on " + endPoint);
        }
        MemoryStream toServer = new MemoryStream(bufferSize);
        MemoryStream toClient = new MemoryStream(bufferSize);
        MemoryServerConnection server =
                new MemoryServerConnection(endPoint, pool, toServer, toClient);
        if (!listener.offer(server)) {
            throw new ConnectException("Nobody listens on " + endPoint + " any more");
        }
        return new MemoryConnection(server, toServer, toClient);
    }

    private void release(MemoryEndPoint place) {
        synchronized (listeners) {
            listeners.remove(place);
        }
    }
}
