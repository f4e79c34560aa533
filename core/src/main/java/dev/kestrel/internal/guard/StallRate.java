package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

/**
 * How fast the client lets the responses of one connection go that wait for flow-control window.
 * Only time in which at least one waits counts, and all bytes of the connection do.
 *
 * <p>A wait that ends does not begin the time anew: a client that gives a byte of window now and
 * then (CVE-2026-49975) has the same time as one that gives none. Only a beat in which nothing
 * waited does, for then the client had taken everything there was.
 */
final class StallRate {

    private final RateMeter meter = new RateMeter();
    private @Nullable MinDataRate rate;
    private int waiting;
    private boolean waitedSinceBeat;

    synchronized void startWaiting(MinDataRate minimum) {
        rate = minimum;
        waiting++;
        waitedSinceBeat = true;
    }

    synchronized void stopWaiting() {
        waiting--;
    }

    synchronized void add(long count) {
        meter.add(count);
    }

    /**
     * A beat.
     *
     * @param beat how long it counts, in nanoseconds
     * @return true, once, when the responses go too slowly
     */
    synchronized boolean tooSlow(long beat) {
        MinDataRate minimum = rate;
        if (minimum == null) {
            return false;
        }
        if (waiting == 0) {
            // A wait that was over before the beat is short: it does not count, but it is no sign
            // that the client has taken everything either.
            if (!waitedSinceBeat) {
                meter.renew(minimum);
                rate = null;
            }
            waitedSinceBeat = false;
            return false;
        }
        meter.pass(beat);
        if (!meter.below(minimum)) {
            return false;
        }
        meter.reset();
        rate = null;
        return true;
    }
}
