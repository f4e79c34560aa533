package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.options.KestrelServerLimits;

/**
 * How much one connection may ask for, out of the server's limits. What HTTP/2 and HTTP/3 both have
 * has the same numbers.
 *
 * @param headerTableSize octets of QPACK's dynamic table, in each direction
 * @param blockedStreams how many streams may wait for the client's encoder stream
 * @param headers limits of a field section
 * @param headersTimeout how long a field section may take, in nanoseconds
 * @param maxStreamResets resets of streams in 30 seconds
 * @param maxControlFrames frames that bring nothing
 * @param maxLiveHeaderBytes octets of the fields of all requests that run
 * @param maxPendingPriorities priorities of streams that were not opened yet
 */
record Http3Bounds(
        int headerTableSize,
        int blockedStreams,
        HPackLimits headers,
        long headersTimeout,
        long maxStreamResets,
        long maxControlFrames,
        long maxLiveHeaderBytes,
        int maxPendingPriorities) {

    private static final int BLOCKED_STREAMS = 16;

    static Http3Bounds of(KestrelServerLimits limits) {
        return new Http3Bounds(
                limits.http2().headerTableSize(),
                BLOCKED_STREAMS,
                new HPackLimits(
                        limits.http2().maxRequestHeaderFieldSize(),
                        limits.maxRequestHeadersTotalSize(),
                        limits.maxRequestHeaderCount()),
                TimeoutControl.nanos(limits.requestHeadersTimeout()),
                limits.http2().maxStreamResets(),
                limits.http2().maxControlFrames(),
                limits.http2().maxLiveHeaderBytes(),
                limits.http2().maxStreamsPerConnection());
    }
}
