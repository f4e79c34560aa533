package dev.kestrel.options;

import java.time.Duration;
import java.time.Instant;

/** The server's clock and the pulse of its heartbeat. Tests put one in that they move by hand. */
public interface TimeProvider {

    /** The system's clock; the pulse has a platform thread of its own. */
    TimeProvider SYSTEM = new SystemTimeProvider();

    /**
     * A clock for distances.
     *
     * @return nanoseconds since some fixed moment, as {@link System#nanoTime()}
     */
    long nanoTime();

    /**
     * The time of day.
     *
     * @return now
     */
    Instant now();

    /**
     * Starts a pulse.
     *
     * @param name the name of its thread, when it has one
     * @param interval the time between two beats
     * @param beat what to do; never runs twice at once
     * @return a handle whose {@code close} ends the pulse and waits for a beat that is running
     */
    Pulse start(String name, Duration interval, Runnable beat);

    /** A running pulse. */
    interface Pulse extends AutoCloseable {
        /** Ends the pulse. No beat runs after this returns. */
        @Override
        void close();
    }
}
