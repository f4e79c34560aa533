package dev.kestrel.internal.serving;

import dev.kestrel.options.TimeProvider;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets a message that strangers can cause through once in ten seconds, with the number of those
 * left out.
 */
final class LogThrottle {

    private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

    private final TimeProvider time;
    private final AtomicLong nextAt;
    private final LongAdder leftOut = new LongAdder();

    LogThrottle(TimeProvider time) {
        this.time = time;
        nextAt = new AtomicLong(time.nanoTime());
    }

    void log(System.Logger logger, Level level, String message) {
        long now = time.nanoTime();
        long due = nextAt.get();
        if (now - due < 0 || !nextAt.compareAndSet(due, now + INTERVAL)) {
            leftOut.increment();
            return;
        }
        long missed = leftOut.sumThenReset();
        logger.log(
                level,
                missed == 0
                        ? message
                        : message + " (and " + missed + " more since the last such message)");
    }
}
