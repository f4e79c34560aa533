package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A selector, or a guest, and the virtual threads that it wakes, driven by one {@link Carrier} at a
 * time.
 *
 * <pre>
 *              carrier                carrier                    carrier
 *    TASKS --------------> SELECTING ----------> ASLEEP ----------------------+
 *    ^  |                    ^   |                 | anybody who has a task   |
 *    |  |                    |   |                 | for it, and wakes it     |
 *    |  |                    +---|-----------------+                          |
 *    +--|------------------------+--------------------------------------------+
 *       |
 *       +---> TASKS of the next turn: the watch has given the loop to another carrier
 * </pre>
 *
 * <p>The state has the number of the turn with it, so that a carrier that comes back from a task
 * finds out that the loop is not its own any more. {@link #execute} may be called by any thread;
 * what is said to be the carrier's, by the one that has the turn.
 */
final class Loop {

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private static final int TASKS = 0;
    private static final int SELECTING = 1;
    private static final int ASLEEP = 2;
    private static final int PHASE = 3;
    private static final int TURN = 4;

    /** In place of a turn, which it never is: not to drive the loop, but to help its carrier. */
    private static final int HELP = PHASE;

    /** How many tasks run between two looks at the sockets, unless one look brought more. */
    private static final int BATCH = 64;

    private static final VarHandle STATE;
    private static final VarHandle PROGRESS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Loop.class, "state", int.class);
            PROGRESS = lookup.findVarHandle(Loop.class, "progress", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LoopGroup group;
    private final LoopWatch watch;
    private final ScheduledExecutorService afterwards;
    private final Poller poller;
    private final boolean hasGuest;
    private final ThreadFactory threads;
    private final TaskQueue tasks = new TaskQueue();
    private final LoopTimers timers = new LoopTimers();

    /** How many channels there are, open or not, whose readiness is known here. */
    final AtomicInteger channels = new AtomicInteger();

    private volatile int state = TASKS;
    private volatile boolean ended;

    /** Whether there is more to do than this loop can: others should help. */
    private volatile boolean overloaded;

    /** Grows with each task and each look at the sockets. */
    @SuppressWarnings("unused")
    private long progress;

    // The carrier's.
    private boolean waited;
    private boolean asleep;

    // The watch's.
    private int seenState = -1;
    private long seenProgress;

    /** Makes one that looks at its sockets itself. */
    Loop(LoopGroup group, LoopWatch watch, SchedulerDoor door, Selector selector) {
        this.group = group;
        this.watch = watch;
        this.afterwards = door.defaultScheduler();
        this.threads = threads(this, door);
        this.hasGuest = false;
        this.poller = new SelectorPoller(selector, this::ready);
    }

    /** Makes one whose guest looks. */
    Loop(LoopGroup group, LoopWatch watch, SchedulerDoor door, LoopGuest guest) {
        this.group = group;
        this.watch = watch;
        this.afterwards = door.defaultScheduler();
        this.threads = threads(this, door);
        this.hasGuest = true;
        GuestThread thread = new GuestThread(this, door, guest);
        this.poller = thread;
        thread.start();
    }

    private static ThreadFactory threads(Loop loop, SchedulerDoor door) {
        return door.virtualThreads(new LoopScheduler(loop))
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    Selector selector() {
        if (poller instanceof SelectorPoller sockets) {
            return sockets.selector();
        }
        throw new IllegalStateException("A guest looks at the sockets of this loop");
    }

    void close() throws IOException {
        poller.close();
    }

    /** A virtual thread that this loop carries. */
    Thread newThread(Runnable task) {
        return threads.newThread(task);
    }

    /** Has a virtual thread go on. */
    void execute(Runnable task) {
        if (ended) {
            afterwards.execute(task);
            return;
        }
        tasks.add(task);
        wakeUp();
        if (ended) {
            handOver();
        }
    }

    /** Has something happen after some time. It must be short. */
    LoopTimers.Timer schedule(Runnable task, long nanos) {
        LoopTimers.Timer timer = timers.add(task, nanos);
        if (timers.next() == timer.time()) {
            // Who sleeps does not know of it yet.
            wakeUp();
        }
        if (ended) {
            handOver();
        }
        return timer;
    }

    /** Wakes the carrier if it sleeps; true when it did. */
    boolean wakeUp() {
        int seen = state;
        if ((seen & PHASE) == ASLEEP
                && STATE.compareAndSet(this, seen, seen & ~PHASE | SELECTING)) {
            poller.wakeUp();
            if (hasGuest) {
                // It may be stuck in what it has found by itself, and then never come back.
                watch.loopRuns();
            }
            return true;
        }
        return false;
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Whether the carrier waits for sockets, and nobody has woken it. */
    boolean isWaiting() {
        return (state & PHASE) == ASLEEP;
    }

    /** A task that this loop has no time for. */
    @Nullable Runnable surplus() {
        return overloaded ? tasks.poll() : null;
    }

    boolean hasSurplus() {
        return overloaded && !tasks.isEmpty();
    }

    // What the carrier calls.

    /** Drives the loop until it ends or is given to another carrier. */
    void drive(int turn) {
        if (turn == HELP) {
            help();
            return;
        }
        boolean mine = true;
        while (mine) {
            mine = runTasks(turn) && select(turn);
        }
    }

    private boolean runTasks(int turn) {
        runTimers();
        // What one look at the sockets brought is run before the next, which would find it again.
        int most = Math.max(BATCH, tasks.size());
        int tick = watch.tick();
        for (int count = 0; count < most; count++) {
            Runnable task = tasks.poll();
            if (task == null) {
                if (overloaded) {
                    overloaded = false;
                }
                task = group.surplus(this);
                if (task == null) {
                    return true;
                }
            }
            run(task);
            if (state != turn) {
                return false;
            }
            if (tick != watch.tick()) {
                if (!tasks.isEmpty()) {
                    overloaded = true;
                    group.wakeOneUp();
                }
                return true;
            }
        }
        return true;
    }

    /** Runs tasks while the guest keeps the carrier that has the turn. */
    private void help() {
        runTimers();
        while ((state & PHASE) != TASKS) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            run(task);
        }
    }

    private void run(Runnable task) {
        advance();
        try {
            task.run();
        } catch (
                Throwable e) { // The JDK's own code, which throws nothing but when memory is short.
            LOG.log(Level.ERROR, "A virtual thread could not go on", e);
        }
    }

    private void runTimers() {
        if (timers.next() == LoopTimers.NEVER) {
            return;
        }
        long now = LoopTimers.now();
        while (timers.next() <= now) {
            LoopTimers.Timer timer = timers.poll(now);
            if (timer != null) {
                run(timer);
            }
        }
    }

    private void advance() {
        PROGRESS.setOpaque(this, (long) PROGRESS.get(this) + 1);
    }

    private boolean select(int turn) {
        if (!STATE.compareAndSet(this, turn, turn | SELECTING)) {
            return false;
        }
        advance();
        if (group.isStopping()) {
            end();
            return false;
        }
        try {
            if (isIdle()) {
                state = turn | ASLEEP;
                long millis = isIdle() ? timers.millisToNext() : 0;
                if (millis > 0) {
                    asleep = true;
                    waited = true;
                    poller.poll(millis == LoopTimers.NEVER ? Poller.FOR_EVER : millis);
                    asleep = false;
                    waited = false;
                } else {
                    state = turn | SELECTING;
                    poller.poll(Poller.NO_WAIT);
                }
            } else {
                poller.poll(Poller.NO_WAIT);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
        state = turn;
        watch.loopRuns();
        return true;
    }

    private boolean isIdle() {
        return tasks.isEmpty() && !group.isStopping() && !group.hasSurplus(this);
    }

    private void failed(Throwable failure) {
        asleep = false;
        waited = false;
        LoopFailures.report("A loop could not look at its sockets; it tries again", failure);
        LockSupport.parkNanos(10_000_000);
    }

    /** A channel is ready. The selector's lock is held, so this must be short. */
    private void ready(SelectionKey key) {
        if (asleep) {
            // Nobody has to wake this thread for what it is about to find.
            asleep = false;
            state = state & ~PHASE | SELECTING;
        }
        ((Readiness) key.attachment()).ready(key, waited);
    }

    private void end() {
        try {
            poller.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "What a loop looks at its sockets with failed to close", e);
        }
        ended = true;
        handOver();
        watch.loopRuns();
    }

    private void handOver() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            afterwards.execute(task);
        }
        timers.handOver(afterwards);
    }

    // What the watch calls.

    /** When the first timer is due. */
    long nextTimer() {
        return ended ? LoopTimers.NEVER : timers.next();
    }

    boolean isAsleep() {
        return (state & PHASE) == ASLEEP || ended;
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * Gives the loop to another carrier when nothing has moved since the last time. A guest that is
     * in the middle of something, and can not leave its carrier, keeps the turn; another carrier
     * runs the tasks meanwhile, one of which may be what the guest waits for.
     */
    void check() {
        int now = state;
        long done = (long) PROGRESS.getOpaque(this);
        if (now == seenState && done == seenProgress && !ended) {
            if ((now & PHASE) == TASKS) {
                handOn(now);
            } else if (hasGuest && isBehind()) {
                Carrier carrier = group.spareCarrier();
                if (carrier != null) {
                    carrier.drive(this, HELP);
                }
            }
        }
        seenState = now;
        seenProgress = done;
    }

    private void handOn(int now) {
        Carrier carrier = group.spareCarrier();
        if (carrier != null) {
            int next = now + TURN;
            if (STATE.compareAndSet(this, now, next)) {
                carrier.drive(this, next);
            } else {
                group.giveBack(carrier);
            }
        }
    }

    /** Whether there is something to do that a loop which only slept would have woken up for. */
    private boolean isBehind() {
        return !tasks.isEmpty() || timers.areLate(LoopWatch.TICK_NANOS);
    }
}
