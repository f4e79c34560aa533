package dev.kestrel.internal.serving;

import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Tells what is read from another reader, when it is first seen. */
final class LoggingPipeReader extends PipeReader {
    private final PipeReader inner;
    private final ByteLog log;
    private long length;
    private long told;

    LoggingPipeReader(PipeReader inner, ByteLog log) {
        this.inner = inner;
        this.log = log;
    }

    @Override
    public ReadResult read() throws IOException {
        return tell(inner.read());
    }

    @Override
    public @Nullable ReadResult tryRead() throws IOException {
        ReadResult result = inner.tryRead();
        return result == null ? null : tell(result);
    }

    private ReadResult tell(ReadResult result) {
        ByteSequence bytes = result.buffer();
        length = bytes.length();
        // What was not consumed comes again; it is told once.
        if (length > told) {
            log.bytes("Read", bytes.slice(told, length - told).toByteArray());
            told = length;
        }
        return result;
    }

    @Override
    public void advanceTo(long consumed, long examined) {
        inner.advanceTo(consumed, examined);
        told -= consumed;
    }

    @Override
    public void cancelPendingRead() {
        inner.cancelPendingRead();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        inner.complete(error);
    }
}
