package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionAbortedException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Knows every connection from its accept until its transport is closed. Safe for use by any thread.
 */
final class ConnectionManager implements Heartbeat.Handler {

    private final Set<KestrelConnection> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final Object drained = new Object();

    /** A connection was accepted. */
    void add(KestrelConnection connection) {
        accepted.increment();
        connections.add(connection);
    }

    /** A connection has ended and its transport is closed. */
    void remove(KestrelConnection connection) {
        if (connections.remove(connection) && connections.isEmpty()) {
            wake();
        }
    }

    /** How many connections there are. */
    int count() {
        return connections.size();
    }

    /** How many connections there have been. */
    long accepted() {
        return accepted.sum();
    }

    @Override
    public void onHeartbeat(long nanoTime) {
        for (KestrelConnection connection : connections) {
            connection.tick(nanoTime);
        }
    }

    /** Asks every connection for a graceful end. */
    void closeAll() {
        for (KestrelConnection connection : connections) {
            connection.requestClose();
        }
    }

    /** Ends every connection at once; answers how many there were. */
    int abortAll(String reason) {
        int aborted = 0;
        for (KestrelConnection connection : connections) {
            connection.abort(new ConnectionAbortedException(reason));
            aborted++;
        }
        return aborted;
    }

    /**
     * Waits until no connection is left.
     *
     * @param deadline until when, in {@link System#nanoTime()} units; asked again after each {@link
     *     #wake()}
     * @return false when the deadline came first
     */
    boolean awaitNone(LongSupplier deadline) throws InterruptedException {
        synchronized (drained) {
            while (!connections.isEmpty()) {
                long left = deadline.getAsLong() - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                // Rounded up: a wait of 0 ms would be one without an end.
                TimeUnit.MILLISECONDS.timedWait(drained, TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
            return true;
        }
    }

    /** Makes {@link #awaitNone} look again. */
    void wake() {
        synchronized (drained) {
            drained.notifyAll();
        }
    }
}
