package dev.kestrel.internal.http2;

/** Whoever a {@link Http2OutputProducer} writes for: a stream. */
interface Http2OutputOwner {

    /**
     * The output is over. Called once for each {@link Http2OutputProducer#begin}, on the writer's
     * thread, after the end (END_STREAM or RST_STREAM) was put into the transport's buffer or the
     * output was dropped, and before the flush. The producer may be recycled from here on. Must not
     * block.
     *
     * @param endStreamSent whether the response is whole
     */
    void outputEnded(boolean endStreamSent);
}
