package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast one request body has to come. The clock starts at the first wait and stops once, at
 * whatever ends the body; which of two threads that is does not matter.
 */
public final class BodyTiming {

    private static final int NOT_STARTED = 0;
    private static final int RUNNING = 1;
    private static final int ENDED = 2;

    private final TimeoutControl timeouts;
    private final AtomicInteger state = new AtomicInteger();

    /** What came and was not counted yet: the bytes before the first wait count, too. */
    private final AtomicLong uncounted = new AtomicLong();

    private @Nullable MinDataRate rate;

    /** Makes one that serves body after body. */
    public BodyTiming(TimeoutControl timeouts) {
        this.timeouts = timeouts;
    }

    /** Gets ready for a body without a rate, when no other thread knows it. */
    public void begin() {
        rate = null;
        uncounted.set(0);
        state.set(NOT_STARTED);
    }

    /** Sets the rate. On the stream's thread, before the first wait. */
    public void rate(@Nullable MinDataRate minimum) {
        rate = minimum;
    }

    /** Bytes came. On the thread that receives them. */
    public void received(int bytes) {
        uncounted.addAndGet(bytes);
        if (state.get() == RUNNING) {
            count();
        }
    }

    /**
     * The application waits from now on. On the stream's thread.
     *
     * @return whether the wait is timed, and {@link #stopWaiting()} is owed
     */
    public boolean startWaiting() {
        MinDataRate minimum = rate;
        if (minimum == null || !start(minimum)) {
            return false;
        }
        timeouts.startTimingRead();
        return true;
    }

    /** The application no longer waits. */
    public void stopWaiting() {
        timeouts.stopTimingRead();
    }

    /** No more of the body is waited for. From any thread. */
    public void end() {
        if (state.getAndSet(ENDED) == RUNNING) {
            timeouts.stopRequestBody();
        }
    }

    private boolean start(MinDataRate minimum) {
        if (state.get() == NOT_STARTED) {
            // First the clock, then the state: who sees the state may stop the clock.
            timeouts.startRequestBody(minimum);
            if (!state.compareAndSet(NOT_STARTED, RUNNING)) {
                timeouts.stopRequestBody();
                return false;
            }
            count();
        }
        return state.get() == RUNNING;
    }

    private void count() {
        long bytes = uncounted.getAndSet(0);
        if (bytes > 0) {
            timeouts.bytesRead(bytes);
        }
    }
}
