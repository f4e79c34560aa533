package dev.kestrel.internal.loops;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A loop, as its virtual threads see it: where their next piece is handed in, and what wakes those
 * that wait for a time.
 *
 * <p>The JDK asks a scheduler for the second only when it is a pool of this type; for any other it
 * has one thread that wakes all sleepers of the process, each through a lock and then by waking its
 * scheduler. None of the pool's own threads is ever started. May be used by any thread.
 */
final class LoopScheduler extends ForkJoinPool {

    private final Loop loop;

    LoopScheduler(Loop loop) {
        super(
                1,
                defaultForkJoinWorkerThreadFactory,
                null,
                true,
                0,
                1,
                0,
                null,
                1,
                TimeUnit.SECONDS);
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return loop.schedule(task, unit.toNanos(delay));
    }
}
