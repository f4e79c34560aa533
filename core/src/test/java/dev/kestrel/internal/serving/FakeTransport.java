package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A transport without sockets: "binds" any internet address and connects by a call. */
final class FakeTransport implements ConnectionListenerFactory {

    final MemoryPool pool;
    final Map<Integer, Listener> listeners = new HashMap<>();

    private final Map<SocketAddress, Listener> bound = new HashMap<>();

    FakeTransport(MemoryPool pool) {
        this.pool = pool;
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint instanceof InetSocketAddress;
    }

    @Override
    public ConnectionListener bind(SocketAddress endPoint) throws IOException {
        int port = ((InetSocketAddress) endPoint).getPort();
        Listener there = bound.get(endPoint);
        if (there != null && !there.closed) {
            throw new BindException(endPoint + " is in use");
        }
        Listener listener = new Listener(endPoint);
        bound.put(endPoint, listener);
        listeners.put(port, listener);
        return listener;
    }

    FakeConnection connect(int port) {
        FakeConnection connection = new FakeConnection(pool);
        listeners.get(port).queue.add(connection);
        return connection;
    }

    static final class Listener implements ConnectionListener {
        private static final Object END = new Object();

        private final SocketAddress endPoint;
        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        volatile boolean unbound;
        volatile boolean closed;

        Listener(SocketAddress endPoint) {
            this.endPoint = endPoint;
        }

        @Override
        public SocketAddress endPoint() {
            return endPoint;
        }

        @Override
        public @Nullable ConnectionContext accept() throws IOException {
            Object next;
            try {
                next = queue.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (next instanceof IOException failure) {
                throw failure;
            }
            return next == END ? null : (ConnectionContext) next;
        }

        void fail(String message) {
            queue.add(new IOException(message));
        }

        @Override
        public void unbind() {
            unbound = true;
            queue.add(END);
        }

        @Override
        public void close() {
            closed = true;
            unbind();
        }
    }
}
