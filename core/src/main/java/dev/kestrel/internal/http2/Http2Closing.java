package dev.kestrel.internal.http2;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How a connection of which no further streams are wanted says so (RFC 9113 section 6.8): at once
 * with a GOAWAY after which streams are still taken, for some are on their way; and a few beats
 * later, should it still be there, with one that names the last stream that was taken. Else a
 * client whose streams overlap could keep it for ever.
 */
final class Http2Closing {

    /** How many beats streams may come that were on their way when the client was told. */
    private static final int BEATS_TO_TAKE = 5;

    private final Http2FrameWriter writer;
    private final Http2Requests requests;
    private final Http2HeaderBlocks blocks;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean clientGoesAway;

    // Belong to whoever holds the loop.
    private int beats;
    private int lastTaken = Integer.MAX_VALUE;

    Http2Closing(Http2FrameWriter writer, Http2Requests requests, Http2HeaderBlocks blocks) {
        this.writer = writer;
        this.requests = requests;
        this.blocks = blocks;
    }

    /**
     * No further streams are wanted: by a stop, or by the client's GOAWAY. From any thread.
     *
     * @return whether this is the first call
     */
    boolean begin() {
        return begun.compareAndSet(false, true);
    }

    /** Whether no further streams are wanted. From any thread. */
    boolean hasBegun() {
        return begun.get();
    }

    /** The client has said so itself, and need not be told. */
    void clientGoesAway() {
        clientGoesAway = true;
    }

    /** Streams that are on their way are still served. From any thread. */
    void tell() {
        goAway(Integer.MAX_VALUE);
    }

    /** A beat of the heart, for whoever holds the loop meanwhile. */
    void tick() {
        if (begun.get() && ++beats == BEATS_TO_TAKE) {
            requests.close();
            lastTaken = blocks.highestId();
            goAway(lastTaken);
        }
    }

    private void goAway(int lastStream) {
        if (!clientGoesAway) {
            writer.controls().goAway(lastStream, Http2ErrorCode.NO_ERROR);
            writer.wake();
        }
    }

    /** What the last GOAWAY may name: no more than one before it. At the end of the frame loop. */
    int lastStream(Http2End reason) {
        return Math.min(reason.lastStream(blocks.highestId()), lastTaken);
    }
}
