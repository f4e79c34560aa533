package dev.kestrel.benchmarks;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection without a socket and without a second thread: its client sends the same bytes a
 * number of times, each time when the server wants more and has nothing left, and then ends the
 * stream. What the server answers is counted and dropped. Between the two stand the pipes that
 * sockets have.
 */
final class InMemoryConnection extends ConnectionContext implements ByteSource, ByteSink {

    private final byte[] message;
    private int messagesLeft;
    private int position;
    private long bytesSent;
    private long writes;

    /**
     * @param message what the client sends each time
     * @param times how many times
     */
    InMemoryConnection(MemoryPool pool, byte[] message, int times) {
        this.message = message;
        this.messagesLeft = times;
        this.position = message.length;
        transport(DuplexPipe.of(new SourcePipeReader(pool, this), new SinkPipeWriter(pool, this)));
    }

    /** How many bytes the server has sent. */
    long bytesSent() {
        return bytesSent;
    }

    /** How many times the server has written. */
    long writes() {
        return writes;
    }

    @Override
    public String connectionId() {
        return "BENCHMARK";
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        throw new IllegalStateException("The server aborted the connection", reason);
    }

    @Override
    public void close() {
        transport().input().complete();
        transport().output().complete();
    }

    @Override
    public int read(ByteBuffer target) {
        if (position == message.length) {
            if (messagesLeft == 0) {
                return -1;
            }
            messagesLeft--;
            position = 0;
        }
        int count = Math.min(target.remaining(), message.length - position);
        target.put(message, position, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return message.length - position;
    }

    @Override
    public void cancel() {
        messagesLeft = 0;
        position = message.length;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        writes++;
        bytesSent += source.remaining();
        source.position(source.limit());
    }

    @Override
    public void write(ByteBuffer[] sources, int count) throws IOException {
        writes++;
        for (int i = 0; i < count; i++) {
            bytesSent += sources[i].remaining();
            sources[i].position(sources[i].limit());
        }
    }
}
