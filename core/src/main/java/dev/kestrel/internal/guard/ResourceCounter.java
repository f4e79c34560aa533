package dev.kestrel.internal.guard;

import java.util.concurrent.atomic.AtomicLong;

/** Counts something of which there may be only so many at a time. Safe for use by any thread. */
public final class ResourceCounter {

    private final long limit;
    private final AtomicLong count = new AtomicLong();

    /**
     * Makes a counter.
     *
     * @param limit how many there may be; below zero for any number
     */
    public ResourceCounter(long limit) {
        this.limit = limit;
    }

    /** Takes one; false when there are as many as there may be. */
    public boolean tryAcquire() {
        if (limit < 0) {
            count.incrementAndGet();
            return true;
        }
        long now = count.get();
        while (now < limit) {
            long seen = count.compareAndExchange(now, now + 1);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Gives one back. */
    public void release() {
        long left = count.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("More was given back than taken");
        }
    }

    /** How many are taken. */
    public long count() {
        return count.get();
    }
}
