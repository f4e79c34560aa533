package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

/**
 * How fast the request bodies of one connection come. Only time in which the server waits for bytes
 * counts; bodies that come at the same time count together.
 */
final class ReadRate {

    private @Nullable MinDataRate rate;
    private int bodies;
    private int waiting;

    /**
     * Kept until the next beat, or waits that begin and end between two beats would never count.
     */
    private boolean waitedSinceBeat;

    private final RateMeter meter = new RateMeter();

    synchronized void startBody(MinDataRate minimum) {
        if (bodies++ == 0) {
            meter.reset();
            waitedSinceBeat = waiting > 0;
        }
        rate = minimum;
    }

    synchronized void stopBody() {
        if (bodies > 0 && --bodies == 0) {
            rate = null;
        }
    }

    synchronized void startWaiting() {
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
     * @param excused whether the rate is left alone: a deadline bounds the wait already, or the
     *     server itself lets no bytes come
     * @return true, once, when the bodies come too slowly
     */
    synchronized boolean tooSlow(long beat, boolean excused) {
        MinDataRate minimum = rate;
        if (minimum == null || !waitedSinceBeat) {
            return false;
        }
        waitedSinceBeat = waiting > 0;
        if (excused) {
            return false;
        }
        meter.pass(beat);
        if (waiting == 0 || !meter.below(minimum)) {
            return false;
        }
        rate = null;
        return true;
    }
}
