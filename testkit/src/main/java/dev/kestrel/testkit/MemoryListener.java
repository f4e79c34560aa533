package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out the connections that clients made. Those that nobody accepted are reset when it
 * unbinds.
 */
final class MemoryListener implements ConnectionListener {

    private final MemoryEndPoint endPoint;
    private final Runnable onUnbound;
    private final ArrayDeque<MemoryServerConnection> backlog = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean unbound;

    MemoryListener(MemoryEndPoint endPoint, Runnable onUnbound) {
        this.endPoint = endPoint;
        this.onUnbound = onUnbound;
    }

    /** Puts a connection into the backlog; false when nobody will accept it. */
    boolean offer(MemoryServerConnection connection) {
        lock.lock();
        try {
            if (unbound) {
                return false;
            }
            backlog.add(connection);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SocketAddress endPoint() {
        return endPoint;
    }

    @Override
    public @Nullable ConnectionContext accept() {
        lock.lock();
        try {
            while (backlog.isEmpty() && !unbound) {
                changed.awaitUninterruptibly();
            }
            return unbound ? null : backlog.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unbind() {
        ArrayDeque<MemoryServerConnection> refused;
        lock.lock();
        try {
            if (unbound) {
                return;
            }
            unbound = true;
            refused = new ArrayDeque<>(backlog);
            backlog.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onUnbound.run();
        refused.forEach(MemoryServerConnection::refuse);
    }

    @Override
    public void close() {
        unbind();
    }
}
