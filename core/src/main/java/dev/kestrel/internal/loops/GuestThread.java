package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of a {@link LoopGuest}: a virtual one that runs whenever its loop is to look at
 * sockets, on whichever carrier drives the loop then. So the guest is on one thread always, and
 * still nobody waits for a carrier that is stuck in a handler.
 *
 * <pre>
 *           the loop has run its tasks
 *   RESTING ---------------------------> the guest looks, perhaps waits, and has found something
 *      ^                                                                          |
 *      +--------------------------------------------------------------------------+
 * </pre>
 *
 * <p>What is said to be the guest's is called on this thread; the rest of what is public by any.
 */
public final class GuestThread implements Poller, Executor {

    private static final System.Logger LOG = System.getLogger(GuestThread.class.getName());

    /** What the guest waits after a failure; twice as long after each that follows. */
    private static final long FIRST_PAUSE_MILLIS = 10;

    private static final long LAST_PAUSE_MILLIS = 1000;

    private final Loop loop;
    private final LoopGuest guest;
    private final Thread thread;

    /** How the thread goes on, when it can. */
    private final AtomicReference<@Nullable Runnable> next = new AtomicReference<>();

    /** The carrier that waits for a guest that is not resting and can not go on. */
    private volatile @Nullable Thread waiter;

    /** What the JDK gives out whenever the thread can go on. Set when it starts. */
    private volatile @Nullable Runnable own;

    /** The loop has ended: nobody gives this thread its turn, and none has to wait for one. */
    private volatile boolean closed;

    // The carrier's and the guest's, of which one runs at a time.
    private boolean resting;
    private long waitMillis;
    private @Nullable Thread driver;

    GuestThread(Loop loop, SchedulerDoor door, LoopGuest guest) {
        this.loop = loop;
        this.guest = guest;
        this.thread =
                door.virtualThreads(this)
                        .name("kestrel-guest")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(this::run);
    }

    void start() {
        guest.begin(this);
        thread.start();
    }

    /**
     * The thread itself.
     *
     * @return a virtual thread
     */
    public Thread thread() {
        return thread;
    }

    /**
     * A thread that is carried by the loop.
     *
     * @param task what it does
     * @return a virtual thread that is not started
     */
    public Thread newThread(Runnable task) {
        return loop.newThread(task);
    }

    /** Has the guest look soon, if it waits. */
    public void wakeLoop() {
        loop.wakeUp();
    }

    /**
     * Whether the guest may wait for its sockets: nobody else on the loop has anything to do.
     *
     * @return false when it is to look and not to wait
     */
    public boolean mayWait() {
        return waitMillis != NO_WAIT && loop.isWaiting();
    }

    /**
     * How long it may wait, when it may.
     *
     * @return a time in nanoseconds, or zero for ever
     */
    public long waitNanos() {
        return waitMillis == FOR_EVER ? 0 : TimeUnit.MILLISECONDS.toNanos(waitMillis);
    }

    /**
     * Lets the loop run what can go on, if there is anything, before the guest does more. The
     * guest's.
     */
    public void letOthersRun() {
        if (loop.hasTasks()) {
            rest();
        }
    }

    private void run() {
        boolean more = true;
        long pause = FIRST_PAUSE_MILLIS;
        while (more) {
            // Where the loop has timers it looks at them after each wait.
            if (waitMillis != FOR_EVER || !mayWait()) {
                rest();
            }
            boolean failed = false;
            try {
                more = guest.look();
            } catch (RuntimeException | Error e) {
                failed = true;
                report(e, pause);
            }
            if (failed || closed && more) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pause));
                pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
            } else {
                pause = FIRST_PAUSE_MILLIS;
            }
        }
    }

    private static void report(Throwable failure, long pause) {
        try {
            LOG.log(
                    Level.ERROR,
                    "A loop could not look at its sockets; it tries again in " + pause + " ms",
                    failure);
        } catch (RuntimeException | Error e) {
            // A handler of the log, or memory is short still. The loop has to go on.
        }
    }

    private void rest() {
        if (closed) {
            return;
        }
        resting = true;
        while (resting) {
            // Nobody interrupts it; if somebody did it must not spin.
            Thread.interrupted();
            LockSupport.park(this);
        }
    }

    /**
     * The thread can go on: it was resting, or has waited for a lock. What it has started has its
     * scheduler, too, and is a task of the loop like any other.
     */
    @Override
    public void execute(Runnable turn) {
        if (own == null) {
            own = turn;
        } else if (turn != own) {
            loop.execute(turn);
            return;
        }
        next.set(turn);
        if (Thread.currentThread() != driver) {
            loop.wakeUp();
        }
        if (closed) {
            goOnElsewhere();
        }
    }

    /** The loop passes on what comes once it has ended. */
    private void goOnElsewhere() {
        Runnable turn = next.getAndSet(null);
        if (turn != null) {
            loop.execute(turn);
        }
    }

    // What the carrier calls.

    @Override
    public void poll(long millis) {
        waitMillis = millis;
        if (resting) {
            resting = false;
            driver = Thread.currentThread();
            LockSupport.unpark(thread);
            driver = null;
        }
        Runnable turn = next.getAndSet(null);
        if (turn != null) {
            turn.run();
        } else if (millis != NO_WAIT) {
            awaitTurn();
        }
    }

    private void awaitTurn() {
        waiter = Thread.currentThread();
        while (next.get() == null && loop.isWaiting()) {
            long nanos = waitNanos();
            if (nanos == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
                break;
            }
        }
        waiter = null;
    }

    @Override
    public void wakeUp() {
        guest.wakeUp();
        LockSupport.unpark(waiter);
    }

    @Override
    public void close() {
        closed = true;
        if (resting) {
            resting = false;
            LockSupport.unpark(thread);
        }
        goOnElsewhere();
    }
}
