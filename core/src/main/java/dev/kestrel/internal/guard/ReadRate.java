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

    private long elapsed;
    private long bytes;

    synchronized void startBody(MinDataRate minimum) {
        if (bodies++ == 0) {
            elapsed = 0;
            bytes = 0;
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
        bytes += count;
    }

    /**
     * A beat.
     *
     * @param beat how long it counts, in nanoseconds
     * @param bounded whether a deadline is set: that bounds the wait already, and the rate is left
     *     alone
     * @return true, once, when the bodies come too slowly
     */
    synchronized boolean tooSlow(long beat, boolean bounded) {
        MinDataRate minimum = rate;
        if (minimum == null || !waitedSinceBeat) {
            return false;
        }
        waitedSinceBeat = waiting > 0;
        if (bounded) {
            return false;
        }
        elapsed += beat;
        if (waiting == 0 || elapsed <= TimeoutControl.nanos(minimum.gracePeriod())) {
            return false;
        }
        double least = minimum.bytesPerSecond() * (elapsed / 1e9);
        if (bytes >= least) {
            // What came faster than it had to is no right to hours of silence (in the original it
            // is).
            bytes = Math.min(bytes, (long) least + WriteRate.CARRIED_BYTES);
            return false;
        }
        rate = null;
        return true;
    }
}
