package dev.kestrel.internal.serving;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;

/**
 * A pair of pipes that tells what goes through it: what is read once it is first seen, what is
 * written once it is flushed.
 */
final class LoggingDuplexPipe implements DuplexPipe {

    private final LoggingPipeReader input;
    private final LoggingPipeWriter output;

    LoggingDuplexPipe(DuplexPipe inner, MemoryPool pool, ByteLog log) {
        input = new LoggingPipeReader(inner.input(), log);
        output = new LoggingPipeWriter(inner.output(), pool, log);
    }

    @Override
    public PipeReader input() {
        return input;
    }

    @Override
    public PipeWriter output() {
        return output;
    }

    /** Gives back what was written and never flushed. */
    void release() {
        output.release();
    }
}
