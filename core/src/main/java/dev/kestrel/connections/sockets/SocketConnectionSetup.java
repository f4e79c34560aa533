package dev.kestrel.connections.sockets;

import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.pipelines.IdleBlocks;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

/**
 * What the connections of a listener share, and how their pipes are made.
 *
 * @param pool where their blocks come from
 * @param options of the transport
 * @param idleBlocks the small blocks that they wait on
 */
record SocketConnectionSetup(
        MemoryPoolFeature pool, SocketTransportOptions options, IdleBlocks idleBlocks) {

    SocketConnectionSetup(MemoryPool pool, SocketTransportOptions options) {
        this(new MemoryPoolFeature(pool), options, new IdleBlocks(options.idleBufferSize()));
    }

    SourcePipeReader newReader(SocketBytes bytes, SourcePipeReader.EndListener listener) {
        return new SourcePipeReader(
                pool.memoryPool(), bytes, idleBlocks, options.maxReadBufferSize(), listener);
    }

    SinkPipeWriter newWriter(SocketBytes bytes) {
        return new SinkPipeWriter(pool.memoryPool(), bytes, options.maxWriteBufferSize());
    }
}
