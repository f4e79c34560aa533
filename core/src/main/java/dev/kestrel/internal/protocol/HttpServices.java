package dev.kestrel.internal.protocol;

import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.MemoryPool;

/**
 * What all connections of a server share (the original's {@code ServiceContext}).
 *
 * @param options how the server is set up
 * @param memoryPool where memory comes from
 * @param date the {@code Date} of responses, remade by the heartbeat
 * @param upgradedConnections counts connections that have left HTTP
 * @param counters what happened so far
 */
public record HttpServices(
        KestrelServerOptions options,
        MemoryPool memoryPool,
        DateHeaderValueManager date,
        ResourceCounter upgradedConnections,
        HttpCounters counters) {

    /** How many bytes of a response may wait before they are sent, whoever collects them. */
    public long responseBufferSize() {
        long limit = options.limits().maxResponseBufferSize();
        return limit == KestrelServerLimits.UNLIMITED ? Long.MAX_VALUE : limit;
    }
}
