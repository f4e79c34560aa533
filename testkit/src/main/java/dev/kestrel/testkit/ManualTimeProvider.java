package dev.kestrel.testkit;

import dev.kestrel.options.TimeProvider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A clock that stands still until a test moves it. Pulses beat on the thread that moves the clock,
 * each at its own times, in order; nothing happens between two calls of {@link #advance}.
 */
public final class ManualTimeProvider implements TimeProvider {

    /** Where every clock of this kind begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<ManualPulse> pulses = new ArrayList<>();
    private long nanos;

    /** Makes a clock that shows {@link #START}. */
    public ManualTimeProvider() {}

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public synchronized Pulse start(String name, Duration interval, Runnable beat) {
        ManualPulse pulse = new ManualPulse(interval.toNanos(), nanos + interval.toNanos(), beat);
        pulses.add(pulse);
        return pulse;
    }

    /**
     * Moves the clock and beats every pulse as often as it is due on the way. When this returns,
     * those beats are over. What other threads make of them may not be: wait for its effect.
     *
     * @param time how far, zero or more
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Time does not run backwards: " + time);
        }
        long target = nanoTime() + time.toNanos();
        while (true) {
            ManualPulse due = nextDue(target);
            if (due == null) {
                break;
            }
            due.beatNow();
        }
        synchronized (this) {
            nanos = Math.max(nanos, target);
        }
    }

    private synchronized @Nullable ManualPulse nextDue(long target) {
        ManualPulse first = null;
        for (ManualPulse pulse : pulses) {
            if (pulse.next <= target && (first == null || pulse.next < first.next)) {
                first = pulse;
            }
        }
        if (first != null) {
            nanos = Math.max(nanos, first.next);
            first.next += first.interval;
        }
        return first;
    }

    private synchronized void remove(ManualPulse pulse) {
        pulses.remove(pulse);
    }

    private final class ManualPulse implements Pulse {
        private final long interval;
        private final Runnable beat;
        private final Object beating = new Object();
        private boolean closed;

        /** Guarded by the clock. */
        private long next;

        ManualPulse(long interval, long next, Runnable beat) {
            this.interval = interval;
            this.next = next;
            this.beat = beat;
        }

        void beatNow() {
            synchronized (beating) {
                if (!closed) {
                    beat.run();
                }
            }
        }

        @Override
        public void close() {
            remove(this);
            synchronized (beating) {
                closed = true;
            }
        }
    }
}
