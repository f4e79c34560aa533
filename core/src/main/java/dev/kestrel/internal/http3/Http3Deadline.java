package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.TimeoutControl;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A time until which something of one stream has to come. The stream's thread sets it by the clock
 * that the heartbeat moves, so it is up to one beat late and never early.
 */
final class Http3Deadline {

    private static final long NEVER = Long.MAX_VALUE;

    /** The time of a connection: the beats that were, each for at most a second. */
    static final class Clock {
        private volatile long now;
        private long lastTick;

        Clock(long nanoTime) {
            lastTick = nanoTime;
        }

        /** A beat. Only the heartbeat calls this. */
        long tick(long nanoTime) {
            long beat = Math.clamp(nanoTime - lastTick, 0, TimeoutControl.HEARTBEAT);
            lastTick = nanoTime;
            long time = now + beat;
            now = time;
            return beat;
        }

        long now() {
            return now;
        }
    }

    private final Clock clock;
    private final AtomicLong due = new AtomicLong(NEVER);

    Http3Deadline(Clock clock) {
        this.clock = clock;
    }

    /** Sets the time, in place of any that was set. */
    void set(long nanos) {
        // A beat on top: the next one may come right after this.
        long now = clock.now() + TimeoutControl.HEARTBEAT;
        due.setRelease(nanos >= NEVER - now ? NEVER : now + nanos);
    }

    void clear() {
        due.setRelease(NEVER);
    }

    /** Whether the time is over; true once. */
    boolean expired() {
        long when = due.get();
        return when != NEVER && clock.now() >= when && due.compareAndSet(when, NEVER);
    }
}
