package dev.kestrel.connections.multiplexed;

/**
 * How much the peer of a multiplexed connection may open and send before this side is done with
 * what was there (RFC 9000 section 4).
 *
 * @param maxBidirectionalStreams how many bidirectional streams of the peer may be open at a time
 * @param maxUnidirectionalStreams how many unidirectional streams of the peer may be open at a time
 * @param streamWindow how many bytes a stream may bring that nobody has read
 * @param connectionWindow how many bytes all streams together may bring that nobody has read
 */
public record MultiplexedLimits(
        int maxBidirectionalStreams,
        int maxUnidirectionalStreams,
        int streamWindow,
        int connectionWindow) {

    /** The original's numbers for streams, and HTTP/2's windows of this server. */
    public static final MultiplexedLimits DEFAULT =
            new MultiplexedLimits(100, 10, 768 * 1024, 1024 * 1024);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException when a number is less than one
     */
    public MultiplexedLimits {
        if (maxBidirectionalStreams < 1
                || maxUnidirectionalStreams < 1
                || streamWindow < 1
                || connectionWindow < 1) {
            throw new IllegalArgumentException("Each limit must be 1 or more");
        }
    }
}
