package dev.kestrel.internal.guard;

import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;

/**
 * How many streams of one connection may be reset in a time, whoever sends the RST_STREAM: the
 * client that takes a request back (rapid reset, CVE-2023-44487) or the server for what the client
 * sent (MadeYouReset, CVE-2025-8671). Both cost the server a request for a few bytes.
 *
 * <p>The time is a sliding window of ticks, of which the one under way is the last: it is never
 * longer than it says, so who keeps to the limit is never refused. Any thread spends, the heartbeat
 * ticks.
 */
public final class ResetBudget {

    private static final int STREAM_RESET_TICKS = 30;
    private static final int ENHANCE_YOUR_CALM_TICKS = 5;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final long limit;
    private final int ticks;

    /**
     * Counts of the window's ticks, in a ring; made for the first reset, for most never need it.
     */
    private int @Nullable [] counts;

    private int current;
    private long total;

    /**
     * Makes a budget.
     *
     * @param limit how many resets there may be in the window; {@link Long#MAX_VALUE} for any
     *     number
     * @param ticks how long the window is, in ticks of a second
     */
    ResetBudget(long limit, int ticks) {
        this.limit = limit;
        this.ticks = ticks;
    }

    /** Resets of either side: {@link Http2Limits#maxStreamResets()} in 30 seconds. */
    public static ResetBudget ofStreamResets(Http2Limits limits) {
        return ofStreamResets(limits.maxStreamResets());
    }

    /** Resets of either side: so many in 30 seconds. */
    public static ResetBudget ofStreamResets(long most) {
        return new ResetBudget(
                most == KestrelServerLimits.UNLIMITED ? NO_LIMIT : most, STREAM_RESET_TICKS);
    }

    /**
     * Streams refused with ENHANCE_YOUR_CALM: five times {@link
     * Http2Limits#maxEnhanceYourCalmCount()} in five seconds, as the original has it. (Its windows
     * follow one another, so that twice as many fit around the end of one.)
     */
    public static ResetBudget ofEnhanceYourCalm(Http2Limits limits) {
        int most = limits.maxEnhanceYourCalmCount();
        return new ResetBudget(
                most == 0 ? NO_LIMIT : (long) most * ENHANCE_YOUR_CALM_TICKS,
                ENHANCE_YOUR_CALM_TICKS);
    }

    /** Counts a reset; false when there were as many as there may be. */
    public boolean trySpend() {
        if (limit == NO_LIMIT) {
            return true;
        }
        synchronized (this) {
            if (total >= limit) {
                return false;
            }
            if (counts == null) {
                counts = new int[ticks];
            }
            counts[current]++;
            total++;
            return true;
        }
    }

    /** A beat of the heart: what is older than the window no longer counts. */
    public synchronized void tick() {
        if (counts == null) {
            return;
        }
        current = (current + 1) % ticks;
        total -= counts[current];
        counts[current] = 0;
    }
}
