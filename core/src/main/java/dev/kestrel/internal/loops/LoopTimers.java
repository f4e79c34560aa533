package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What is to happen on a loop at a time: a heap in which each entry has up to four below it. May be
 * used by any thread; mostly that is the one that drives the loop, so the lock is free. Nothing
 * runs under it.
 */
final class LoopTimers {

    /** The time of nothing. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long ORIGIN = System.nanoTime();
    private static final int CHILDREN = 4;
    private static final int LEAST_ROOM = 16;

    private @Nullable Timer[] heap = new Timer[LEAST_ROOM];
    private int size;
    private volatile long next = NEVER;

    /** The clock of all timers: nanoseconds since the class was loaded. */
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    /** When the first of them is due. */
    long next() {
        return next;
    }

    /** How many milliseconds are left to that, none when it is due, or {@link #NEVER}. */
    long millisToNext() {
        long time = next;
        if (time == NEVER) {
            return NEVER;
        }
        long left = time - now();
        return left <= 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
    }

    /** Whether the first has been due for so many nanoseconds. */
    boolean areLate(long nanos) {
        long time = next;
        return time != NEVER && time + nanos < now();
    }

    /** Leaves all of them to a scheduler. */
    void handOver(ScheduledExecutorService scheduler) {
        for (Timer timer = poll(NEVER); timer != null; timer = poll(NEVER)) {
            scheduler.schedule(timer, timer.getDelay(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
        }
    }

    synchronized Timer add(Runnable task, long delay) {
        long now = now();
        Timer timer = new Timer(this, task, delay < NEVER - now ? now + delay : NEVER - 1);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        moveUp(size++, timer);
        setNext();
        return timer;
    }

    /** Takes the first one out if it is due. */
    synchronized @Nullable Timer poll(long now) {
        Timer first = heap[0];
        if (first == null || first.time > now) {
            return null;
        }
        remove(first);
        return first;
    }

    private synchronized boolean cancel(Timer timer) {
        if (timer.place < 0) {
            return false;
        }
        remove(timer);
        timer.cancelled = true;
        return true;
    }

    private void remove(Timer timer) {
        int hole = timer.place;
        timer.place = -1;
        Timer last = heap[--size];
        heap[size] = null;
        if (last != null && last != timer) {
            if (hole > 0 && last.time < at((hole - 1) / CHILDREN).time) {
                moveUp(hole, last);
            } else {
                moveDown(hole, last);
            }
        }
        if (size < heap.length / 4 && heap.length > LEAST_ROOM) {
            heap = Arrays.copyOf(heap, heap.length / 2);
        }
        setNext();
    }

    private void moveUp(int from, Timer timer) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / CHILDREN;
            Timer above = at(parent);
            if (above.time <= timer.time) {
                break;
            }
            put(place, above);
            place = parent;
        }
        put(place, timer);
    }

    private void moveDown(int from, Timer timer) {
        int place = from;
        while (true) {
            int child = CHILDREN * place + 1;
            if (child >= size) {
                break;
            }
            int end = Math.min(child + CHILDREN, size);
            int least = child;
            for (int other = child + 1; other < end; other++) {
                if (at(other).time < at(least).time) {
                    least = other;
                }
            }
            Timer below = at(least);
            if (below.time >= timer.time) {
                break;
            }
            put(place, below);
            place = least;
        }
        put(place, timer);
    }

    @SuppressWarnings("NullAway") // Below size there are only timers.
    private Timer at(int place) {
        return heap[place];
    }

    private void put(int place, Timer timer) {
        heap[place] = timer;
        timer.place = place;
    }

    private void setNext() {
        Timer first = heap[0];
        long time = first == null ? NEVER : first.time;
        if (time != next) {
            next = time;
        }
    }

    /** One of them. It is in the heap until it is due or cancelled. */
    static final class Timer implements ScheduledFuture<@Nullable Void>, Runnable {

        private final LoopTimers timers;
        private final long time;
        private @Nullable Runnable task;

        /** Where it is in the heap; negative once it is not. */
        private int place;

        private volatile boolean cancelled;

        private Timer(LoopTimers timers, Runnable task, long time) {
            this.timers = timers;
            this.task = task;
            this.time = time;
        }

        long time() {
            return time;
        }

        @Override
        public void run() {
            Runnable due = task;
            if (due != null) {
                task = null;
                due.run();
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            // Once it has left the heap it never comes back, so a look without the lock will do.
            boolean inTime = place >= 0 && timers.cancel(this);
            task = null;
            return inTime;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            synchronized (timers) {
                return place < 0;
            }
        }

        @Override
        public @Nullable Void get() {
            throw new UnsupportedOperationException("Nobody waits for a timer");
        }

        @Override
        public @Nullable Void get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("Nobody waits for a timer");
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(time - now(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(
                    getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
