package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionIds;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.internal.loops.Readiness;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection over a socket: pipes straight over the channel, and the ways in which a connection
 * ends.
 */
final class SocketConnection extends ConnectionContext
        implements DuplexPipe,
                ConnectionReadAheadFeature,
                ConnectionRestFeature,
                SourcePipeReader.EndListener {

    private static final ConnectionAbortedException CLOSED =
            new ConnectionAbortedException("The connection was closed on this side");

    private final String connectionId = ConnectionIds.next();
    private final @Nullable Readiness readiness;
    private final SocketBytes bytes;
    private final SourcePipeReader input;
    private final SinkPipeWriter output;
    private final SocketTransportOptions options;
    private final Signal peerGone = new Signal();
    private final AtomicBoolean closing = new AtomicBoolean();

    /**
     * Makes a connection.
     *
     * @param readiness the channel's place in a loop, which the connection gives back at its end;
     *     {@code null} when the channel blocks
     */
    SocketConnection(
            SocketChannel channel,
            MemoryPool pool,
            SocketTransportOptions options,
            @Nullable Readiness readiness)
            throws IOException {
        this.options = options;
        this.readiness = readiness;
        this.bytes = new SocketBytes(channel, readiness, closed());
        this.input =
                new SourcePipeReader(
                        pool, bytes, options.idleBufferSize(), options.maxReadBufferSize(), this);
        this.output = new SinkPipeWriter(pool, bytes, options.maxWriteBufferSize());
        localAddress(channel.getLocalAddress());
        remoteAddress(channel.getRemoteAddress());
        features().set(MemoryPoolFeature.class, new MemoryPoolFeature(pool));
        features().set(ConnectionReadAheadFeature.class, this);
        if (readiness != null) {
            features().set(ConnectionRestFeature.class, this);
        }
        transport(this);
    }

    @Override
    public String connectionId() {
        return connectionId;
    }

    @Override
    public Thread newThread(Runnable task) {
        return readiness == null ? super.newThread(task) : readiness.newThread(task);
    }

    @Override
    public PipeReader input() {
        return input;
    }

    @Override
    public PipeWriter output() {
        return output;
    }

    @Override
    public Signal peerGone() {
        return peerGone;
    }

    @Override
    public void start() {
        input.startReadAhead();
    }

    @Override
    public void stop() {
        input.stopReadAhead();
    }

    @Override
    public void awaitInput() throws IOException {
        bytes.lookAnew();
        input.awaitInput();
    }

    @Override
    public void retry() {
        if (readiness != null) {
            readiness.retryRest();
        }
    }

    @Override
    public void wake() {
        if (readiness != null) {
            readiness.wake();
        }
    }

    @Override
    public boolean rest(Runnable task) {
        if (readiness == null || !input.beginRest()) {
            return false;
        }
        bytes.rest(readiness, task);
        return true;
    }

    @Override
    public void inputEnded(@Nullable IOException error) {
        peerGone.fire(error);
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        bytes.abort(reason);
        peerGone.fire(reason);
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        // An error, so that nothing is sent that nobody flushed.
        output.complete(CLOSED);
        input.complete();
        try {
            if (bytes.endQuietly()) {
                Linger.drain(bytes, options.lingerTimeout());
            }
        } finally {
            bytes.close();
            if (readiness != null) {
                readiness.release();
            }
        }
    }

    @Override
    public String toString() {
        return "SocketConnection[" + connectionId + " " + remoteAddress() + "]";
    }
}
