package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

/** Bytes against the time that they may take. Guarded by whoever has it. */
final class RateMeter {

    private long elapsed;
    private long bytes;

    /** Forgets everything. */
    void reset() {
        elapsed = 0;
        bytes = 0;
    }

    void add(long count) {
        bytes += count;
    }

    void pass(long time) {
        elapsed += time;
    }

    /** Whether the bytes are fewer than the time asks for; never during the period of grace. */
    boolean below(MinDataRate minimum) {
        if (elapsed <= TimeoutControl.nanos(minimum.gracePeriod())) {
            return false;
        }
        double least = least(minimum);
        if (bytes >= least) {
            // What came faster than it had to is no right to hours of silence (in the original it
            // is).
            bytes = Math.min(bytes, (long) least + WriteRate.CARRIED_BYTES);
            return false;
        }
        return true;
    }

    /** Begins the period of grace anew, with what came faster than it had to. */
    void renew(MinDataRate minimum) {
        bytes = Math.clamp(bytes - (long) least(minimum), 0, WriteRate.CARRIED_BYTES);
        elapsed = 0;
    }

    private double least(MinDataRate minimum) {
        return minimum.bytesPerSecond() * (elapsed / 1e9);
    }
}
