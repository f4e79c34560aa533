package dev.kestrel.quic;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Connections whose handshakes are over and that nobody has accepted yet: loops add them. */
final class ConnectionAcceptor {

    private final int backlog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<QuicConnection> waiting = new ArrayDeque<>();
    private boolean ended;

    ConnectionAcceptor(int backlog) {
        this.backlog = backlog;
    }

    /** Adds a connection; false when there is no room, or nobody accepts any more. */
    boolean offer(QuicConnection connection) {
        lock.lock();
        try {
            if (ended || waiting.size() >= backlog) {
                return false;
            }
            waiting.add(connection);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a connection; {@code null} after {@link #end()}. */
    @Nullable QuicConnection accept() throws InterruptedIOException {
        lock.lock();
        try {
            while (!ended && waiting.isEmpty()) {
                changed.await();
            }
            return ended ? null : waiting.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "The thread was interrupted while it waited for a connection");
        } finally {
            lock.unlock();
        }
    }

    /** Ends accepting; gives those that waited. */
    ArrayDeque<QuicConnection> end() {
        lock.lock();
        try {
            ended = true;
            ArrayDeque<QuicConnection> rest = new ArrayDeque<>(waiting);
            waiting.clear();
            changed.signalAll();
            return rest;
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
