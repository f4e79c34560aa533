package dev.kestrel.internal.http2;

/** Lets the peer send more. May be called from any thread, and never waits. */
@FunctionalInterface
interface WindowUpdates {

    /**
     * Sends WINDOW_UPDATE (RFC 9113 section 6.9) as soon as the writer comes to it.
     *
     * @param streamId the stream, or 0 for the connection
     * @param increment how many bytes more, at least one
     */
    void send(int streamId, int increment);
}
