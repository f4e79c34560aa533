package dev.kestrel.quic;

import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.pipelines.MemoryPool;

/**
 * What holds for all connections of a listener. Immutable.
 *
 * @param pool where memory comes from
 * @param options how the transport is set up
 * @param limits what the server allows clients
 */
record TransportSettings(MemoryPool pool, QuicTransportOptions options, MultiplexedLimits limits) {

    /** Most of a window is the library's, this much of it is the pipe's, at most. */
    private static final int MAX_PIPE = 256 * 1024;

    int bidirectionalStreams() {
        int own = options.maxBidirectionalStreamCount();
        return own == 0 ? limits.maxBidirectionalStreams() : own;
    }

    int unidirectionalStreams() {
        int own = options.maxUnidirectionalStreamCount();
        return own == 0 ? limits.maxUnidirectionalStreams() : own;
    }

    private int streamBytes() {
        return Math.min(options.maxReadBufferSize(), limits.streamWindow());
    }

    /** So many bytes that nobody has read wait in a pipe before the loop reads no more. */
    int pipeHighWater() {
        return Math.clamp(streamBytes() / 4, 4096, MAX_PIPE);
    }

    /** Below so many the loop reads again. */
    int pipeLowWater() {
        return pipeHighWater() / 2;
    }

    /** What the library may take of a stream beyond what is in its pipe. */
    int streamWindow() {
        return Math.max(streamBytes() - pipeHighWater(), 4096);
    }

    int connectionWindow() {
        return Math.max(limits.connectionWindow(), streamWindow());
    }

    /** The library takes codes as int; what is beyond can not be said (HTTP/3 has none). */
    int streamCode(long code) {
        return (int) (isSayable(code) ? code : options.defaultStreamErrorCode());
    }

    int closeCode(long code) {
        return (int) (isSayable(code) ? code : options.defaultCloseErrorCode());
    }

    private static boolean isSayable(long code) {
        return code >= 0 && code <= Integer.MAX_VALUE;
    }
}
