package dev.kestrel.connections.multiplexed;

/**
 * How much the peer of a multiplexed connection may open and send before this side is done with
 * what was there (RFC 9000 section 4).
 *
 * @param maxBidirectionalStreams how many bidirectional streams of the peer may be open at a time,
 *     1 or more
 * @param maxUnidirectionalStreams how many unidirectional streams of the peer may be open at a
 *     time, 1 or more
 * @param streamWindow how many bytes a stream may bring that nobody has read, 1 or more
 * @param connectionWindow how many bytes all streams together may bring that nobody has read, 1 or
 *     more
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
        check("maxBidirectionalStreams", maxBidirectionalStreams);
        check("maxUnidirectionalStreams", maxUnidirectionalStreams);
        check("streamWindow", streamWindow);
        check("connectionWindow", connectionWindow);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, not " + value);
        }
    }
}
