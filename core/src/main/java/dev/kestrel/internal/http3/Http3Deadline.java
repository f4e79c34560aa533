package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.TimeoutControl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A time until which something of one stream has to come. The stream's thread sets it by the clock
 * that the heartbeat moves, so it is up to one beat late and never early.
 */
final class Http3Deadline {

    private static final long NEVER = Long.MAX_VALUE;

    /** So much longer may one wait while others get on. */
    private static final long MOST_MORE = TimeUnit.MINUTES.toNanos(2);

    /** The time of a connection: the beats that were, each for at most a second. */
    static final class Clock {
        private volatile long now;
        private volatile long lastMove = -1;
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

        /** The client has taken something that a stream had for it. From any thread. */
        void moved() {
            long time = now;
            if (lastMove != time) {
                lastMove = time;
            }
        }
    }

    private final Clock clock;
    private final AtomicLong due = new AtomicLong(NEVER);

    // Written before the time is set, and read after it was.
    private long given;
    private long lastDue;

    Http3Deadline(Clock clock) {
        this.clock = clock;
    }

    /** Sets the time, in place of any that was set. */
    void set(long nanos) {
        // A beat on top: the next one may come right after this.
        long now = clock.now() + TimeoutControl.HEARTBEAT;
        long when = nanos >= NEVER - now - MOST_MORE ? NEVER : now + nanos;
        given = nanos;
        lastDue = when == NEVER ? NEVER : when + MOST_MORE;
        due.setRelease(when);
    }

    void clear() {
        due.setRelease(NEVER);
    }

    /** Whether the time is over; true once. */
    boolean expired() {
        long when = due.get();
        return when != NEVER && clock.now() >= when && due.compareAndSet(when, NEVER);
    }

    /**
     * The same for what has to wait while the client takes something of other streams: then it gets
     * its time anew, for a while. Only the heartbeat calls this.
     */
    boolean expiredWithoutMove() {
        long when = due.get();
        long now = clock.now();
        if (when == NEVER || now < when) {
            return false;
        }
        long begun = when - given - TimeoutControl.HEARTBEAT;
        if (clock.lastMove > begun && now < lastDue) {
            // Unless the wait has ended just now.
            due.compareAndSet(when, Math.min(now + given, lastDue));
            return false;
        }
        return due.compareAndSet(when, NEVER);
    }
}
