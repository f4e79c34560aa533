package dev.kestrel.quic;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the threads of the server want of a loop, in the order in which they wanted it. A loop is
 * woken once for all that comes until it looks, and what they send goes out with one flush.
 */
final class LoopQueue {

    private static final System.Logger LOG = System.getLogger(QuicTransport.class.getName());

    private final EventLoop loop;
    private final FlushGate gate;
    private final AtomicReference<@Nullable LoopTask> newest = new AtomicReference<>();

    LoopQueue(EventLoop loop, FlushGate gate) {
        this.loop = loop;
        this.gate = gate;
    }

    EventLoop loop() {
        return loop;
    }

    /** Adds a task; from any thread. */
    void add(LoopTask task) {
        LoopTask before;
        do {
            before = newest.get();
            task.next = before;
        } while (!newest.compareAndSet(before, task));
        if (before == null) {
            wake();
        }
    }

    private void wake() {
        try {
            loop.execute(this::drain);
        } catch (RejectedExecutionException e) {
            for (LoopTask task = takeAll(); task != null; ) {
                LoopTask next = task.next;
                task.next = null;
                task.drop();
                task = next;
            }
        }
    }

    private void drain() {
        gate.hold();
        try {
            for (LoopTask task = takeAll(); task != null; ) {
                LoopTask next = task.next;
                task.next = null;
                run(task);
                task = next;
            }
        } finally {
            gate.release();
        }
    }

    private static void run(LoopTask task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // It concerns one stream; the others' tasks are not to be lost.
            LOG.log(Level.WARNING, "A task of a QUIC loop failed", e);
        }
    }

    /** Takes what there is, the oldest first. */
    private @Nullable LoopTask takeAll() {
        LoopTask rest = newest.getAndSet(null);
        LoopTask oldest = null;
        while (rest != null) {
            LoopTask older = rest.next;
            rest.next = oldest;
            oldest = rest;
            rest = older;
        }
        return oldest;
    }
}
