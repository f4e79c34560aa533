package dev.kestrel.internal.loops;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that no loop waits for one of its tasks. A thread of its own looks at all loops every
 * few milliseconds while any of them runs, and sleeps while all of them do: at most until the first
 * of their timers is due, for a guest may be stuck in what has ended its sleep.
 */
final class LoopWatch implements Runnable {

    /** A task that is found twice has run for so long at least, and for less than twice that. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** After so many looks at loops that were all asleep it stops looking. */
    private static final int QUIET = 10;

    private final Thread thread;
    private final LoopGroup group;
    private volatile int tick;
    private volatile boolean resting;

    LoopWatch(LoopGroup group) {
        this.group = group;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("kestrel-loop-watch")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** A clock that goes on while loops run. */
    int tick() {
        return tick;
    }

    /** A loop has woken up. Called by its carrier. */
    void loopRuns() {
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        int quiet = 0;
        while (!group.haveAllEnded()) {
            if (quiet >= QUIET) {
                resting = true;
                if (group.areAllAsleep() && !group.haveAllEnded()) {
                    rest();
                }
                resting = false;
                quiet = 0;
            }
            LockSupport.parkNanos(this, TICK_NANOS);
            tick++;
            quiet = group.areAllAsleep() ? quiet + 1 : 0;
            group.checkAll();
        }
    }

    private void rest() {
        long next = group.nextTimer();
        if (next == LoopTimers.NEVER) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, next - LoopTimers.now());
        }
    }
}
