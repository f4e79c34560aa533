package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;

/**
 * Something that happens at most once, such as the end of a connection, and those who want to know
 * of it. Safe for use by any thread. The original's {@code CancellationToken} plays this part.
 */
public final class Signal {

    /** In the order in which they asked; most signals have one, and idle connections have two. */
    private @Nullable Entry first;

    private @Nullable CountDownLatch waiters;
    private volatile boolean fired;
    private @Nullable Throwable cause;

    /** Makes a signal that has not fired. */
    public Signal() {}

    /**
     * Whether it happened.
     *
     * @return true after {@link #fire}
     */
    public boolean isFired() {
        return fired;
    }

    /**
     * Why it happened.
     *
     * @return what {@link #fire} was given; {@code null} before, and for a normal end
     */
    public @Nullable Throwable cause() {
        return fired ? cause : null;
    }

    /**
     * Makes it happen. The callbacks run here, one after another; what they throw is swallowed.
     * Only the first call counts.
     *
     * @param reason why, or {@code null}
     * @return true when this was the first call
     */
    public boolean fire(@Nullable Throwable reason) {
        Entry toRun;
        synchronized (this) {
            if (fired) {
                return false;
            }
            cause = reason;
            fired = true;
            toRun = first;
            first = null;
            if (waiters != null) {
                waiters.countDown();
            }
        }
        while (toRun != null) {
            runQuietly(toRun.callback);
            toRun = toRun.next;
        }
        return true;
    }

    /**
     * Asks to be called when it happens; at once, on this thread, when it already has.
     *
     * @param callback short and not blocking: it runs on the thread that fires
     * @return a handle whose {@code close} takes the callback back
     */
    public Registration onFired(Runnable callback) {
        synchronized (this) {
            if (!fired) {
                return add(new Entry(callback));
            }
        }
        runQuietly(callback);
        return () -> {};
    }

    /**
     * Waits until it happens.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void await() throws InterruptedException {
        CountDownLatch latch;
        synchronized (this) {
            if (fired) {
                return;
            }
            if (waiters == null) {
                waiters = new CountDownLatch(1);
            }
            latch = waiters;
        }
        latch.await();
    }

    private Entry add(Entry entry) {
        Entry last = first;
        if (last == null) {
            first = entry;
            return entry;
        }
        while (last.next != null) {
            last = last.next;
        }
        last.next = entry;
        return entry;
    }

    private synchronized void remove(Entry entry) {
        if (first == entry) {
            first = entry.next;
            return;
        }
        for (Entry each = first; each != null; each = each.next) {
            if (each.next == entry) {
                each.next = entry.next;
                return;
            }
        }
    }

    private static void runQuietly(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) { // The others are to be told, whatever this one did.
            System.getLogger(Signal.class.getName())
                    .log(System.Logger.Level.WARNING, "A signal's callback failed", e);
        }
    }

    /** Its links belong to the signal's lock, or to whoever fires. */
    private final class Entry implements Registration {

        private final Runnable callback;
        private @Nullable Entry next;

        Entry(Runnable callback) {
            this.callback = callback;
        }

        @Override
        public void close() {
            remove(this);
        }
    }

    /** A callback's place in a {@link Signal}. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        /** Takes the callback back; does nothing when the signal has fired. */
        @Override
        void close();
    }
}
