package dev.kestrel.connections.sockets;

import dev.kestrel.pipelines.PipeWriter;

import java.nio.ByteBuffer;

/**
 * How much the system is offered with one write. The JDK copies arrays before it knows how much the
 * system takes of them: a system that took a part is offered twice that the next time. Belongs to
 * the thread that writes.
 */
final class WriteOffer {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Until the system has not taken all. */
    private long most = Long.MAX_VALUE;

    private int from;
    private int count;
    private long offered;
    private ByteBuffer cut = NOTHING;
    private int end;

    /**
     * Looks at what is left of some buffers, and cuts the last of those that are offered.
     *
     * @return false when nothing is left
     */
    boolean prepare(ByteBuffer[] sources, int all) {
        from = 0;
        while (from < all && !sources[from].hasRemaining()) {
            from++;
        }
        int at = from;
        long copied = 0;
        while (at < all && copied < most) {
            ByteBuffer source = sources[at++];
            // Nothing is copied of memory that the system can reach.
            copied += source.isDirect() ? 0 : source.remaining();
        }
        count = at - from;
        if (count == 0) {
            return false;
        }
        cut = sources[at - 1];
        end = cut.limit();
        if (copied > most) {
            cut.limit(end - (int) (copied - most));
        }
        offered = 0;
        for (int i = from; i < at; i++) {
            offered += sources[i].remaining();
        }
        return true;
    }

    /** The first buffer that is offered. */
    int from() {
        return from;
    }

    /** How many buffers are offered. */
    int count() {
        return count;
    }

    /** Gives the last buffer its end back. */
    void restore() {
        cut.limit(end);
        cut = NOTHING;
    }

    /** The system has taken so much; whether that is all that it was offered. */
    boolean taken(long bytes) {
        boolean all = bytes == offered;
        if (!all) {
            most = Math.max(2 * bytes, PipeWriter.SOME);
        } else if (most <= 2 * bytes) {
            most = 2 * bytes;
        }
        return all;
    }
}
