package dev.kestrel.internal.serving;

import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.options.TimeProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * The beat of a server: once a second it calls everything that depends on time. Unlike the
 * original's it goes on while the server stops, so that timeouts and data rates hold for the
 * requests that are still finishing.
 */
final class Heartbeat implements AutoCloseable {

    /** The time between two beats. */
    static final Duration INTERVAL = Duration.ofNanos(TimeoutControl.HEARTBEAT);

    /** Is called on each beat; must be short and must not block. */
    @FunctionalInterface
    interface Handler {
        void onHeartbeat(long nanoTime);
    }

    private final TimeProvider time;
    private final List<Handler> handlers;
    private final System.Logger log;
    private TimeProvider.@Nullable Pulse pulse;

    Heartbeat(TimeProvider time, List<Handler> handlers) {
        this(time, handlers, System.getLogger(Heartbeat.class.getName()));
    }

    Heartbeat(TimeProvider time, List<Handler> handlers, System.Logger log) {
        this.time = time;
        this.handlers = List.copyOf(handlers);
        this.log = log;
    }

    /** Starts beating. */
    synchronized void start() {
        if (pulse == null) {
            pulse = time.start("kestrel-heartbeat", INTERVAL, this::beat);
        }
    }

    private void beat() {
        long begin = time.nanoTime();
        for (Handler handler : handlers) {
            try {
                handler.onHeartbeat(begin);
            } catch (RuntimeException | Error e) {
                // One that fails must not silence the others, nor end the beat.
                log.log(Level.ERROR, "A heartbeat handler failed", e);
            }
        }
        long took = time.nanoTime() - begin;
        if (took > INTERVAL.toNanos()) {
            log.log(
                    Level.WARNING,
                    "The heartbeat took "
                            + Duration.ofNanos(took).toMillis()
                            + " ms, longer than its interval of "
                            + INTERVAL.toMillis()
                            + " ms: timeouts come late. The machine may be short of processor time.");
        }
    }

    /** Stops beating; no handler runs after this returns. */
    @Override
    public void close() {
        TimeProvider.Pulse running;
        synchronized (this) {
            running = pulse;
            pulse = null;
        }
        if (running != null) {
            running.close();
        }
    }
}
