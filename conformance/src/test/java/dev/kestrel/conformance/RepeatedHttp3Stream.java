package dev.kestrel.conformance;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream that brings one request and drops its response, or only drops. */
final class RepeatedHttp3Stream extends StreamContext implements ByteSink {

    /** Its blocks come and go with each request. */
    static final MemoryPool POOL = new MemoryPool();

    private final RepeatedHttp3Connection connection;
    private final long streamId;
    private boolean isClosed;

    RepeatedHttp3Stream(RepeatedHttp3Connection connection, long streamId) throws IOException {
        this.connection = connection;
        this.streamId = streamId;
        Pipe input = new Pipe(POOL);
        transport(DuplexPipe.of(input.reader(), new SinkPipeWriter(POOL, this)));
        PipeWriter client = input.writer();
        if (canRead()) {
            client.write(connection.request(), 0, connection.request().length);
        }
        client.complete();
    }

    @Override
    public long streamId() {
        return streamId;
    }

    @Override
    public boolean canRead() {
        return streamId % 4 == 0;
    }

    @Override
    public boolean canWrite() {
        return true;
    }

    @Override
    public String connectionId() {
        return "one:stream";
    }

    @Override
    public void write(ByteBuffer source) {
        source.position(source.limit());
    }

    @Override
    public void write(ByteBuffer[] sources, int count) {
        for (int i = 0; i < count; i++) {
            write(sources[i]);
        }
    }

    @Override
    public void abortRead(long errorCode, ConnectionAbortedException reason) {}

    @Override
    public void abortWrite(long errorCode, ConnectionAbortedException reason) {
        connection.abort(reason);
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        connection.abort(reason);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            transport().input().complete();
            transport().output().complete();
            closed().fire(null);
            if (canRead()) {
                connection.streamClosed();
            }
        }
    }
}
