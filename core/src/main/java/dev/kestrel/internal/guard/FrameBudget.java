package dev.kestrel.internal.guard;

import dev.kestrel.options.KestrelServerLimits;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many frames of one connection may still come that bring nothing: settings, pings, priorities,
 * empty data. Each costs, useful frames earn, and a whole budget comes back every {@value
 * #REFILL_TICKS} ticks whatever happens. One budget for all kinds, so that mixing them buys nothing
 * (CVE-2019-9511 to 9518).
 *
 * <p>The frame loop spends, any thread earns, the heartbeat ticks.
 */
public final class FrameBudget {

    /** In so many ticks, which are seconds, a whole budget comes back. */
    static final int REFILL_TICKS = 30;

    private final int capacity;
    private final AtomicInteger left;

    /** What a tick brought that is less than one, in parts of {@link #REFILL_TICKS}. */
    private int fraction;

    /**
     * Makes a full budget.
     *
     * @param capacity how much it ever holds; {@link KestrelServerLimits#UNLIMITED} for no limit
     */
    public FrameBudget(int capacity) {
        this.capacity = capacity;
        left = new AtomicInteger(capacity);
    }

    /** Takes so much; false, and nothing is taken, when less is left. */
    public boolean trySpend(int cost) {
        if (capacity == KestrelServerLimits.UNLIMITED) {
            return true;
        }
        int now = left.get();
        while (now >= cost) {
            int seen = left.compareAndExchange(now, now - cost);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Something useful came or went: gives so much back, up to a whole budget. */
    public void earn(int credit) {
        int now = left.get();
        // Usually it is full, and this is one read.
        while (now < capacity) {
            int seen = left.compareAndExchange(now, (int) Math.min((long) now + credit, capacity));
            if (seen == now) {
                return;
            }
            now = seen;
        }
    }

    /** A beat of the heart. Only the heartbeat calls this. */
    public void tick() {
        if (left.get() >= capacity) {
            fraction = 0;
            return;
        }
        long share = (long) fraction + capacity;
        fraction = (int) (share % REFILL_TICKS);
        earn((int) (share / REFILL_TICKS));
    }

    /** How much is left. */
    public int left() {
        return left.get();
    }
}
