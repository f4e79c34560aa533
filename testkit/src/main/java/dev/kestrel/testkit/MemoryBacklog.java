package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The connections of a listener that clients have made and nobody has accepted. Safe for use by any
 * thread.
 */
final class MemoryBacklog<T> {

    private final Runnable onUnbound;
    private final Consumer<T> refuse;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean unbound;

    /** With what is done with those that nobody has accepted in the end. */
    MemoryBacklog(Runnable onUnbound, Consumer<T> refuse) {
        this.onUnbound = onUnbound;
        this.refuse = refuse;
    }

    /** Puts a connection into the backlog; false when nobody will accept it. */
    boolean offer(T connection) {
        lock.lock();
        try {
            if (unbound) {
                return false;
            }
            waiting.add(connection);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a connection; {@code null} once it is unbound. */
    @Nullable T accept() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !unbound) {
                changed.awaitUninterruptibly();
            }
            return unbound ? null : waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    void unbind() {
        ArrayDeque<T> refused;
        lock.lock();
        try {
            if (unbound) {
                return;
            }
            unbound = true;
            refused = new ArrayDeque<>(waiting);
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onUnbound.run();
        refused.forEach(refuse);
    }
}
