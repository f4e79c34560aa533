package dev.kestrel.internal.http3;

import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams of requests that run on a connection, and those objects that wait for their next use
 * (the original's {@code PooledStreamStack}). Safe for use by any thread; nothing here waits, but
 * for {@link #awaitNone}.
 */
final class Http3Streams {

    private static final int MOST_POOLED = 100;
    private static final int BEATS_TO_LIVE = 5;
    private static final int STEP = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition served = lock.newCondition();
    private final Http3Priorities priorities;

    // All of what follows is guarded by the lock.
    private @Nullable Http3Stream first;
    private @Nullable Http3Stream pool;
    private int pooled;
    private int leastPooled;
    private int beats;
    private int running;
    private boolean closed;

    /** The identifier that the next stream of a client has at least. */
    private long next;

    Http3Streams(Http3Priorities priorities) {
        this.priorities = priorities;
    }

    /** An object that has served, or {@code null}. */
    @Nullable Http3Stream rent() {
        lock.lock();
        try {
            Http3Stream stream = pool;
            if (stream != null) {
                pool = stream.next;
                stream.next = null;
                pooled--;
                leastPooled = Math.min(leastPooled, pooled);
            }
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a stream that begins.
     *
     * @return false when none is to begin any more
     */
    boolean tryAdd(Http3Stream stream) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            next = Math.max(next, stream.streamId() + STEP);
            Http3Stream other = first;
            stream.next = other;
            if (other != null) {
                other.previous = stream;
            }
            first = stream;
            running++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A stream has ended; its object may serve another. */
    void remove(Http3Stream stream) {
        lock.lock();
        try {
            Http3Stream before = stream.previous;
            Http3Stream after = stream.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            stream.previous = null;
            stream.next = null;
            running--;
            push(stream);
            if (running == 0) {
                served.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A stream was begun, and not added. */
    void giveBack(Http3Stream stream) {
        lock.lock();
        try {
            push(stream);
        } finally {
            lock.unlock();
        }
    }

    private void push(Http3Stream stream) {
        if (pooled < MOST_POOLED) {
            stream.next = pool;
            pool = stream;
            pooled++;
        }
    }

    /** How many run. */
    int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** From now on no stream begins; the identifier from which on none was served. */
    long close() {
        lock.lock();
        try {
            closed = true;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes when no stream runs.
     *
     * @return the identifier from which on none was served, or -1 when some run
     */
    long closeWhenIdle() {
        lock.lock();
        try {
            return running > 0 ? -1 : close();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no stream runs. No other begins by then. */
    void awaitNone() {
        lock.lock();
        try {
            closed = true;
            while (running > 0) {
                served.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** PRIORITY_UPDATE: for a stream that runs, or may begin. */
    void priority(long streamId, Priority priority) {
        lock.lock();
        try {
            for (Http3Stream each = first; each != null; each = each.next) {
                if (each.streamId() == streamId) {
                    each.priority(priority);
                    return;
                }
            }
            if (streamId >= next) {
                priorities.put(streamId, priority);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What PRIORITY_UPDATE has said of a stream before it began. */
    @Nullable Priority takePriority(long streamId) {
        lock.lock();
        try {
            return priorities.take(streamId);
        } finally {
            lock.unlock();
        }
    }

    /** A beat of the heart: timeouts of streams, and objects that nobody needed for a while go. */
    void tick() {
        lock.lock();
        try {
            for (Http3Stream each = first; each != null; each = each.next) {
                each.tick();
            }
            if (++beats >= BEATS_TO_LIVE) {
                beats = 0;
                trim();
            }
        } finally {
            lock.unlock();
        }
    }

    private void trim() {
        for (int i = leastPooled; i > 0 && pool != null; i--) {
            Http3Stream gone = pool;
            pool = gone.next;
            gone.next = null;
            pooled--;
        }
        leastPooled = pooled;
    }
}
