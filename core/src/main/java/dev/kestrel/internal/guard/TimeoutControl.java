package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The clock of one connection: a single deadline with its reason, and the minimum rates of both
 * directions. The connection sets, the heartbeat {@linkplain #tick ticks}; nobody reads a clock in
 * between, so every timeout is up to one beat late.
 *
 * <p>A beat counts for at most {@link #HEARTBEAT}, so that a long pause of the whole process does
 * not look like a slow client. The original's type of the same name.
 */
public final class TimeoutControl {

    /** The time between two ticks. */
    public static final long HEARTBEAT = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = Long.MAX_VALUE;
    private static final VarHandle DEADLINE;

    static {
        try {
            DEADLINE =
                    MethodHandles.lookup()
                            .findVarHandle(TimeoutControl.class, "deadline", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Is told, once for each deadline or breach, on the heartbeat's thread; must not block. */
    @FunctionalInterface
    public interface Handler {
        /** Something took too long. */
        void onTimeout(TimeoutReason reason);
    }

    private final Handler handler;
    private final long origin;

    /** Time since {@link #origin} as of the last tick. */
    private volatile long now;

    @SuppressWarnings(
            "unused") // Through DEADLINE: a release store, for it happens several times a request.
    private long deadline = NEVER;

    private volatile TimeoutReason reason = TimeoutReason.KEEP_ALIVE;

    private final Object readLock = new Object();
    private @Nullable MinDataRate readRate;
    private int readsWaiting;
    private boolean waitedSinceTick;
    private long readTime;
    private long bytesRead;

    private final Object writeLock = new Object();
    private int writesWaiting;
    private long writeDeadline = NEVER;

    /**
     * Makes a clock with nothing set.
     *
     * @param handler who is told
     * @param nanoTime the time now
     */
    public TimeoutControl(Handler handler, long nanoTime) {
        this.handler = handler;
        this.origin = nanoTime;
    }

    /** Nanoseconds of a duration, where those that are too long become never. */
    public static long nanos(Duration duration) {
        return duration.getSeconds() >= Long.MAX_VALUE / 4_000_000_000L
                ? NEVER
                : duration.toNanos();
    }

    /** Sets the deadline, in place of any that was set. */
    public void setTimeout(long nanos, TimeoutReason why) {
        reason = why;
        DEADLINE.setRelease(this, nanos == NEVER ? NEVER : now + nanos + HEARTBEAT);
    }

    /** Removes the deadline. */
    public void cancelTimeout() {
        DEADLINE.setRelease(this, NEVER);
    }

    /**
     * A request body begins that must come at this rate at least. Bodies of one connection count
     * together.
     */
    public void startRequestBody(MinDataRate rate) {
        synchronized (readLock) {
            if (readRate == null) {
                readTime = 0;
                bytesRead = 0;
            }
            readRate = rate;
        }
    }

    /** No request body is left to wait for. */
    public void stopRequestBody() {
        synchronized (readLock) {
            readRate = null;
        }
    }

    /** The server waits for bytes of a request body from now on. */
    public void startTimingRead() {
        synchronized (readLock) {
            readsWaiting++;
            waitedSinceTick = true;
        }
    }

    /** The server stopped waiting for bytes of a request body. */
    public void stopTimingRead() {
        synchronized (readLock) {
            readsWaiting--;
        }
    }

    /** Bytes of a request body came. */
    public void bytesRead(long count) {
        synchronized (readLock) {
            bytesRead += count;
        }
    }

    /**
     * Bytes of a response were written that the client must take at this rate at least. Their time
     * begins where that of those before them ends.
     */
    public void bytesWritten(MinDataRate rate, long count) {
        synchronized (writeLock) {
            long time = (long) (count * 1e9 / rate.bytesPerSecond());
            long grace = nanos(rate.gracePeriod());
            long from = now;
            if (writeDeadline != NEVER && writeDeadline > from) {
                // What waits already has its own time; the new bytes come on top of it.
                writeDeadline += time;
            } else {
                writeDeadline = from + HEARTBEAT + Math.max(grace, time);
            }
        }
    }

    /** The server waits for the client to take bytes from now on. */
    public void startTimingWrite() {
        synchronized (writeLock) {
            writesWaiting++;
        }
    }

    /** The client took them. */
    public void stopTimingWrite() {
        synchronized (writeLock) {
            if (--writesWaiting == 0) {
                writeDeadline = NEVER;
            }
        }
    }

    /**
     * A beat of the heart: calls the handler for what is due.
     *
     * @param nanoTime the time of the beat
     */
    public void tick(long nanoTime) {
        long before = now;
        // Long pauses of the process count as one beat.
        long elapsed = Math.min(Math.max(0, nanoTime - origin - skipped - before), HEARTBEAT);
        skipped += Math.max(0, nanoTime - origin - skipped - before - elapsed);
        long time = before + elapsed;
        now = time;

        long due = (long) DEADLINE.getAcquire(this);
        if (due != NEVER && time >= due && DEADLINE.compareAndSet(this, due, NEVER)) {
            handler.onTimeout(reason);
        }
        if (readTooSlow(elapsed)) {
            handler.onTimeout(TimeoutReason.READ_DATA_RATE);
        }
        if (writeTooSlow(time)) {
            handler.onTimeout(TimeoutReason.WRITE_DATA_RATE);
        }
    }

    /** How much of the real time did not count. Only the heartbeat touches it. */
    private long skipped;

    private boolean readTooSlow(long elapsed) {
        synchronized (readLock) {
            MinDataRate rate = readRate;
            if (rate == null || !waitedSinceTick) {
                return false;
            }
            waitedSinceTick = readsWaiting > 0;
            readTime += elapsed;
            if (readsWaiting == 0 || readTime <= nanos(rate.gracePeriod())) {
                return false;
            }
            if (bytesRead / (readTime / 1e9) >= rate.bytesPerSecond()) {
                return false;
            }
            readRate = null;
            return true;
        }
    }

    private boolean writeTooSlow(long time) {
        synchronized (writeLock) {
            if (writesWaiting == 0 || time < writeDeadline) {
                return false;
            }
            writeDeadline = NEVER;
            return true;
        }
    }
}
