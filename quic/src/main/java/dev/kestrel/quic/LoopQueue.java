package dev.kestrel.quic;

import dev.kestrel.internal.loops.GuestThread;

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

    /** So many connections may be about to send, each for what was found before another sent. */
    private static final int MOST_SENDING = 16;

    private final EventLoop loop;
    private final FlushGate gate;
    private final @Nullable GuestThread guest;
    private final AtomicReference<@Nullable LoopTask> newest = new AtomicReference<>();

    // The loop's.
    private @Nullable LoopTask rest;
    private int sending;

    LoopQueue(EventLoop loop, FlushGate gate) {
        this.loop = loop;
        this.gate = gate;
        if (loop instanceof CarriedEventLoop carried) {
            guest = carried.guest();
            carried.serve(this);
        } else {
            guest = null;
        }
    }

    /** What carries the loop, and can carry other threads; {@code null} when nothing does. */
    @Nullable GuestThread guest() {
        return guest;
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
        GuestThread carried = guest;
        if (carried == null) {
            try {
                loop.execute(this::drain);
            } catch (RejectedExecutionException e) {
                dropAll();
            }
            return;
        }
        carried.wakeLoop();
        if (loop.isTerminated()) {
            dropAll();
        }
    }

    boolean isEmpty() {
        return newest.get() == null;
    }

    /** The loop has ended. On whatever thread. */
    void dropAll() {
        for (LoopTask task = takeAll(); task != null; ) {
            LoopTask next = task.next;
            task.next = null;
            task.drop();
            task = next;
        }
    }

    /** Does what there is. On the loop. */
    void drain() {
        if (newest.get() == null) {
            return;
        }
        boolean before = gate.hold();
        try {
            runAll();
        } finally {
            gate.release(before);
        }
    }

    /**
     * Packets were read, and those whom they concern were woken: lets them run, so that what they
     * send goes out with what else is sent in answer to these packets.
     */
    void packetsRead() {
        if (guest != null) {
            guest.letOthersRun();
            runAll();
        }
    }

    /**
     * The library is about to send what one stream has written: what follows for streams is done
     * first, so that it goes into the same packets. What concerns a stream that is in the middle of
     * a write stays where it is.
     */
    void beforeSending() {
        if (sending < MOST_SENDING && rest != null) {
            sending++;
            try {
                runForStreams();
            } finally {
                sending--;
            }
        }
    }

    private void runForStreams() {
        LoopTask kept = null;
        LoopTask task = rest;
        while (task != null) {
            StreamSender stream = task.stream();
            if (stream == null) {
                return;
            }
            LoopTask next = task.next;
            if (stream.isWriting()) {
                kept = task;
                task = next;
                continue;
            }
            if (kept == null) {
                rest = next;
            } else {
                kept.next = next;
            }
            task.next = null;
            run(task);
            // It may have been about to send itself, and then has taken more out of the list.
            task = kept == null ? rest : kept.next;
        }
    }

    private void runAll() {
        runRest();
        rest = takeAll();
        runRest();
    }

    private void runRest() {
        for (LoopTask task = rest; task != null; task = rest) {
            runFirst(task);
        }
    }

    private void runFirst(LoopTask task) {
        rest = task.next;
        task.next = null;
        run(task);
    }

    private static void run(LoopTask task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
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
