package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A platform thread that drives a loop, or waits for one to drive. It has no loop of its own: one
 * that was stuck in a task finds that its loop was given away, and waits for the next.
 */
final class Carrier implements Runnable {

    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LoopGroup group;
    private final Thread thread;
    private volatile @Nullable Loop loop;
    private int turn;
    private boolean started;

    Carrier(LoopGroup group, String name) {
        this.group = group;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(this);
    }

    /** Has the thread drive a loop. Called by whoever took this carrier out of the spare ones. */
    void drive(Loop next, int nextTurn) {
        turn = nextTurn;
        loop = next;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
    }

    void wakeUp() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Loop mine = loop;
                if (mine != null) {
                    loop = null;
                    mine.drive(turn);
                    group.giveBack(this);
                } else if (!awaitLoop()) {
                    return;
                }
            }
        } finally {
            group.carrierEnded();
        }
    }

    /** Waits as a spare carrier; false when there is no need for one. */
    private boolean awaitLoop() {
        long end = System.nanoTime() + KEEP_NANOS;
        while (loop == null) {
            long left = end - System.nanoTime();
            if ((left <= 0 || group.isStopping()) && group.withdraw(this)) {
                return false;
            }
            Thread.interrupted();
            LockSupport.parkNanos(this, Math.max(left, 1_000_000));
        }
        return true;
    }
}
