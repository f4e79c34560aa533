package dev.kestrel.quic;

import io.netty.handler.codec.quic.QuicStreamPriority;

/**
 * The urgencies of a connection's streams (RFC 9218 section 4) as the library knows them: it sends
 * streams with smaller numbers first, and those that nobody has said anything of have the greatest,
 * which take turns. So that most streams need not be told about, that is the usual urgency, until a
 * stream comes that is less urgent. Used by the loop alone.
 */
final class StreamPriorities {

    /** RFC 9218 section 4.1: of a stream of which nothing is said. */
    static final int USUAL = 3;

    /** Before everything that a client asked for. */
    static final QuicStreamPriority OWN = new QuicStreamPriority(0, false);

    /** The library's own, and the greatest that Netty lets through. */
    private static final int UNTOLD = 127;

    private static final int FIRST = 120;

    private boolean someLessUrgent;

    /**
     * A stream gets an urgency.
     *
     * @return whether all other streams have to be told of theirs
     */
    boolean changesOthers(int urgency) {
        if (urgency <= USUAL || someLessUrgent) {
            return false;
        }
        someLessUrgent = true;
        return true;
    }

    /** Whether streams of which nothing is said have to be told about, too. */
    boolean tellsAll() {
        return someLessUrgent;
    }

    QuicStreamPriority of(int urgency, boolean incremental) {
        int level = urgency == USUAL && !someLessUrgent ? UNTOLD : FIRST + urgency;
        return new QuicStreamPriority(level, incremental);
    }
}
