package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Some loops, and the threads that drive them. Runs while somebody retains it, which whoever made
 * it does from the start. May be used from any thread.
 */
public final class LoopGroup {

    private static final System.Logger LOG = System.getLogger(LoopGroup.class.getName());

    /** As many threads may be stuck at once as in the JDK's own scheduler. */
    private static final int MOST_SPARE_CARRIERS = 256;

    private final LoopWatch watch;
    private final Loop[] loops;

    private final ArrayDeque<Carrier> spare = new ArrayDeque<>();
    private final int mostCarriers;
    private int carriers;
    private int carrierNumber;
    private boolean warned;

    private int users = 1;
    private volatile boolean stopping;

    private LoopGroup(int count) {
        this.watch = new LoopWatch(this);
        this.loops = new Loop[count];
        this.mostCarriers = count + MOST_SPARE_CARRIERS;
    }

    /**
     * Makes a group and starts it. The caller is its first user, and is to {@link #release} it.
     *
     * @param door an open one
     * @param count how many loops
     * @return a group that runs
     * @throws IOException when the system has no selector left
     */
    public static LoopGroup start(SchedulerDoor door, int count) throws IOException {
        LoopGroup group = new LoopGroup(count);
        int opened = 0;
        try {
            for (; opened < count; opened++) {
                group.loops[opened] = new Loop(group, group.watch, door, Selector.open());
            }
        } finally {
            for (int i = 0; opened < count && i < opened; i++) {
                group.loops[i].close();
            }
        }
        return start(group);
    }

    /**
     * Makes a group whose loops have guests, and starts it. The caller is its first user, and
     * {@linkplain #release() releases} it once the guests have ended.
     *
     * @param door an open one
     * @param guests one for each loop, none of which has begun before
     * @return a group that runs
     */
    public static LoopGroup startWithGuests(SchedulerDoor door, List<? extends LoopGuest> guests) {
        LoopGroup group = new LoopGroup(guests.size());
        for (int i = 0; i < guests.size(); i++) {
            group.loops[i] = new Loop(group, group.watch, door, guests.get(i));
        }
        return start(group);
    }

    private static LoopGroup start(LoopGroup group) {
        for (Loop loop : group.loops) {
            group.newCarrier().drive(loop, 0);
        }
        group.watch.start();
        return group;
    }

    /**
     * Keeps the group running.
     *
     * @return false when it is too late
     */
    public synchronized boolean retain() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    /** Takes a {@link #retain} back. After the last one the loops end. */
    public void release() {
        Carrier[] idle;
        synchronized (this) {
            if (--users > 0) {
                return;
            }
            stopping = true;
            idle = spare.toArray(new Carrier[0]);
        }
        for (Carrier carrier : idle) {
            carrier.wakeUp();
        }
        for (Loop loop : loops) {
            loop.wakeUp();
        }
    }

    /**
     * Gives a channel to the loop that has the fewest, and retains the group for it.
     *
     * @param channel a channel that does not block
     * @return its place, to be {@linkplain Readiness#release() released}; {@code null} when the
     *     group has ended
     */
    public @Nullable Readiness add(SelectableChannel channel) {
        if (!retain()) {
            return null;
        }
        Loop least = loops[0];
        for (Loop loop : loops) {
            if (loop.channels.get() < least.channels.get()) {
                least = loop;
            }
        }
        return new Readiness(this, least, channel);
    }

    // Between loops.

    /** A task of a loop that has too many; {@code null} when there is none. */
    @Nullable Runnable surplus(Loop idle) {
        for (Loop loop : loops) {
            Runnable task = loop == idle ? null : loop.surplus();
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    boolean hasSurplus(Loop idle) {
        for (Loop loop : loops) {
            if (loop != idle && loop.hasSurplus()) {
                return true;
            }
        }
        return false;
    }

    /** Wakes a loop that sleeps, if there is one, so that it takes tasks of others. */
    void wakeOneUp() {
        for (Loop loop : loops) {
            if (loop.wakeUp()) {
                return;
            }
        }
    }

    boolean isStopping() {
        return stopping;
    }

    // What the watch calls.

    boolean areAllAsleep() {
        for (Loop loop : loops) {
            if (!loop.isAsleep()) {
                return false;
            }
        }
        return true;
    }

    /** When the first timer of any loop is due. */
    long nextTimer() {
        long first = LoopTimers.NEVER;
        for (Loop loop : loops) {
            first = Math.min(first, loop.nextTimer());
        }
        return first;
    }

    boolean haveAllEnded() {
        for (Loop loop : loops) {
            if (!loop.hasEnded()) {
                return false;
            }
        }
        return true;
    }

    void checkAll() {
        for (Loop loop : loops) {
            loop.check();
        }
    }

    // Carriers.

    /** A carrier that has no loop; {@code null} when there are too many already. */
    @Nullable Carrier spareCarrier() {
        synchronized (this) {
            Carrier carrier = spare.poll();
            if (carrier != null) {
                return carrier;
            }
            if (carriers >= mostCarriers) {
                if (!warned) {
                    warned = true;
                    LOG.log(
                            Level.WARNING,
                            "{0} threads are stuck in handlers that compute or block in native"
                                    + " code: others have to wait",
                            carriers);
                }
                return null;
            }
        }
        return newCarrier();
    }

    private synchronized Carrier newCarrier() {
        Carrier carrier = new Carrier(this, "kestrel-loop-" + ++carrierNumber);
        carriers++;
        return carrier;
    }

    /** A carrier has no loop any more, or did not get one. */
    synchronized void giveBack(Carrier carrier) {
        spare.push(carrier);
    }

    /** A spare carrier wants to end; false when it was given a loop. */
    synchronized boolean withdraw(Carrier carrier) {
        return spare.remove(carrier);
    }

    synchronized void carrierEnded() {
        carriers--;
    }

    synchronized int carriers() {
        return carriers;
    }
}
