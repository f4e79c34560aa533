package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

/**
 * How fast the peer takes what is written to it. Every write adds the time that its bytes may take
 * at the minimum rate, so a peer that took earlier bytes quickly has time to spare for later ones.
 *
 * <p>What it may save up is bounded once nothing waits: then the bytes have left the server, all
 * but those in the system's buffer, and a peer must not buy hours of silence with one fast download
 * (unlike with the original, where it can).
 */
final class WriteRate {

    /** For so many bytes, which may still lie in buffers, time is kept when nothing waits. */
    static final long CARRIED_BYTES = 64 * 1024;

    private static final long NEVER = Long.MAX_VALUE;

    private int waiting;
    private long deadline = NEVER;
    private long carried;

    synchronized void add(MinDataRate minimum, long count, long now) {
        long time = timeFor(minimum, count);
        long grace = Math.min(TimeoutControl.nanos(minimum.gracePeriod()), NEVER / 4);
        // A beat on top: the next one may come right after this.
        long alone = now + TimeoutControl.HEARTBEAT + Math.max(grace, time);
        // The grace is not added up, or many small writes would make a very long time.
        deadline =
                deadline == NEVER ? alone : Math.max(alone, Math.min(deadline, NEVER / 2) + time);
        carried = timeFor(minimum, CARRIED_BYTES);
    }

    private static long timeFor(MinDataRate minimum, long count) {
        return (long) Math.min(count * 1e9 / minimum.bytesPerSecond(), NEVER / 4.0);
    }

    synchronized void startWaiting() {
        waiting++;
    }

    synchronized void stopWaiting(long now) {
        waiting--;
        if (waiting == 0 && deadline != NEVER) {
            deadline = Math.min(deadline, now + TimeoutControl.HEARTBEAT + carried);
        }
    }

    /** A beat: true, once, when the peer has not taken in time what it should have. */
    synchronized boolean tooSlow(long now) {
        if (waiting == 0 || now < deadline) {
            return false;
        }
        deadline = NEVER;
        return true;
    }
}
