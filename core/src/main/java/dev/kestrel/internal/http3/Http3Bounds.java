package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.options.Http3Limits;
import dev.kestrel.options.KestrelServerLimits;

/**
 * How much one connection may ask for, out of the server's limits.
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

    static Http3Bounds of(KestrelServerLimits limits) {
        Http3Limits http3 = limits.http3();
        return new Http3Bounds(
                http3.headerTableSize(),
                http3.maxBlockedStreams(),
                new HPackLimits(
                        http3.maxRequestHeaderFieldSize(),
                        limits.maxRequestHeadersTotalSize(),
                        limits.maxRequestHeaderCount()),
                TimeoutControl.nanos(limits.requestHeadersTimeout()),
                http3.maxStreamResets(),
                http3.maxControlFrames(),
                http3.maxLiveHeaderBytes(),
                http3.maxStreamsPerConnection());
    }
}
