package dev.kestrel.options;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The system's clock, and a daemon platform thread for each pulse. */
final class SystemTimeProvider implements TimeProvider {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Pulse start(String name, Duration interval, Runnable beat) {
        SystemPulse pulse = new SystemPulse(interval.toNanos(), beat);
        Thread thread = Thread.ofPlatform().name(name).daemon(true).unstarted(pulse);
        pulse.thread = thread;
        thread.start();
        return pulse;
    }

    private static final class SystemPulse implements Pulse, Runnable {
        private final long interval;
        private final Runnable beat;
        private volatile boolean closed;
        private Thread thread = Thread.currentThread();

        SystemPulse(long interval, Runnable beat) {
            this.interval = interval;
            this.beat = beat;
        }

        @Override
        public void run() {
            long next = System.nanoTime() + interval;
            while (!closed) {
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(this, wait);
                } else {
                    beat.run();
                    // A beat that took too long is not made up for.
                    next = Math.max(next + interval, System.nanoTime());
                }
            }
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
            if (Thread.currentThread() != thread) {
                boolean interrupted = false;
                while (thread.isAlive()) {
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
