package dev.kestrel.quic;

/**
 * Whether a client still takes what is left of a stream that was closed. A stream that waits while
 * the client takes something of others is not stalled, but that is no excuse for ever: what waits
 * is memory. Looks when it is asked to; belongs to the loop.
 */
final class StallWatch {

    /** How long a client may take nothing of its connection. */
    static final long SECONDS = 30;

    /** For how many times as long it may take nothing of the stream. */
    static final int MOST_TURNS = 10;

    private long ownBefore;
    private long othersBefore;
    private int turns;

    /**
     * Begins.
     *
     * @param own grows with what is taken of the stream
     * @param all grows with what is taken of the connection
     */
    StallWatch(long own, long all) {
        ownBefore = own;
        othersBefore = all;
    }

    /** Whether the client has had its time. Called each {@value #SECONDS} seconds. */
    boolean isOver(long own, long all) {
        turns = own == ownBefore ? turns + 1 : 0;
        boolean over = turns > 0 && (all == othersBefore || turns == MOST_TURNS);
        ownBefore = own;
        othersBefore = all;
        return over;
    }
}
