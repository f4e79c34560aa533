package dev.kestrel.internal.guard;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the header fields of a connection's unfinished requests may hold together. A
 * header list may be within its own limit and still be one of many that a client keeps alive for
 * next to nothing, by one-byte references and a window of zero (CVE-2026-49975).
 *
 * <p>The frame loop takes; whoever ends a stream gives back, once.
 */
public final class LiveBytes {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /**
     * Makes a counter of nothing held.
     *
     * @param limit how much may be held at a time
     */
    public LiveBytes(long limit) {
        this.limit = limit;
    }

    /** Takes so much; false, and nothing is taken, when that were more than there may be. */
    public boolean tryAcquire(long bytes) {
        long now = held.get();
        while (bytes <= limit - now) {
            long seen = held.compareAndExchange(now, now + bytes);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Gives so much back. */
    public void release(long bytes) {
        if (held.addAndGet(-bytes) < 0) {
            throw new IllegalStateException("More was given back than taken");
        }
    }

    /** How much is held. */
    public long held() {
        return held.get();
    }
}
