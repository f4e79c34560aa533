package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A queue for any number of threads at both ends: a ring that needs no memory for an entry, and a
 * list behind it for what does not fit. In order, as long as nobody overtakes between the two.
 *
 * <p>The ring is Dmitry Vyukov's bounded queue: each slot has a number that says whose turn it is.
 * With {@code n} the position of a producer or consumer, its slot is free for the producer at
 * {@code n}, and filled for the consumer at {@code n + 1}.
 */
final class TaskQueue {

    private static final int SIZE = 1024;
    private static final int MASK = SIZE - 1;

    /** Far enough from each other and from the array's header for cache lines of their own. */
    private static final int HEAD = 16;

    private static final int TAIL = 32;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] positions = new long[48];
    private final long[] turns = new long[SIZE];
    private final @Nullable Runnable[] slots = new Runnable[SIZE];
    private final ConcurrentLinkedQueue<Runnable> overflow = new ConcurrentLinkedQueue<>();

    TaskQueue() {
        for (int i = 0; i < SIZE; i++) {
            turns[i] = i;
        }
    }

    /**
     * Puts a task at the end. That it is there is visible to whoever looks after this thread did
     * anything volatile.
     */
    void add(Runnable task) {
        if (!overflow.isEmpty() || !addToRing(task)) {
            overflow.add(task);
        }
    }

    private boolean addToRing(Runnable task) {
        while (true) {
            long tail = (long) LONGS.getVolatile(positions, TAIL);
            int slot = (int) tail & MASK;
            long distance = (long) LONGS.getAcquire(turns, slot) - tail;
            if (distance == 0) {
                if (LONGS.compareAndSet(positions, TAIL, tail, tail + 1)) {
                    slots[slot] = task;
                    LONGS.setRelease(turns, slot, tail + 1);
                    return true;
                }
            } else if (distance < 0) {
                return false;
            }
        }
    }

    /** Takes the first task; {@code null} when there is none, or it is just being put in. */
    @Nullable Runnable poll() {
        while (true) {
            long head = (long) LONGS.getVolatile(positions, HEAD);
            int slot = (int) head & MASK;
            long distance = (long) LONGS.getAcquire(turns, slot) - (head + 1);
            if (distance == 0) {
                if (LONGS.compareAndSet(positions, HEAD, head, head + 1)) {
                    Runnable task = slots[slot];
                    slots[slot] = null;
                    LONGS.setRelease(turns, slot, head + SIZE);
                    return task;
                }
            } else if (distance < 0) {
                return overflow.poll();
            }
        }
    }

    /** Whether there is nothing, not even something that is just being put in. */
    boolean isEmpty() {
        return size() == 0 && overflow.isEmpty();
    }

    /** How many tasks there are in the ring. */
    int size() {
        long head = (long) LONGS.getVolatile(positions, HEAD);
        return (int) Math.max(0, (long) LONGS.getVolatile(positions, TAIL) - head);
    }
}
