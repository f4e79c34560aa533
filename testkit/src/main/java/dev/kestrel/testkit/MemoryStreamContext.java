package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server's end of a stream in memory. */
final class MemoryStreamContext extends StreamContext {

    /** What the server's end says when nobody chose a code: H3_REQUEST_CANCELLED. */
    static final long DEFAULT_CODE = 0x10c;

    private final MemoryMultiplexedServerConnection connection;
    private final long streamId;
    private final MemoryDirection toServer;
    private final MemoryDirection toClient;
    private final AtomicBoolean released = new AtomicBoolean();

    MemoryStreamContext(
            MemoryMultiplexedServerConnection connection, long streamId, int bufferSize) {
        this.connection = connection;
        this.streamId = streamId;
        boolean byServer = (streamId & 1) != 0;
        boolean both = (streamId & 2) == 0;
        toServer = both || !byServer ? new MemoryDirection(bufferSize) : MemoryDirection.none();
        toClient = both || byServer ? new MemoryDirection(bufferSize) : MemoryDirection.none();
        localAddress(connection.localAddress());
        remoteAddress(connection.remoteAddress());
        MemoryPool pool = connection.pool();
        SinkPipeWriter output = new SinkPipeWriter(pool, new Sink());
        if (!canWrite()) {
            output.complete();
        }
        transport(DuplexPipe.of(new SourcePipeReader(pool, new Source()), output));
    }

    MemoryDirection toServer() {
        return toServer;
    }

    MemoryDirection toClient() {
        return toClient;
    }

    @Override
    public String connectionId() {
        return connection.connectionId() + ":" + streamId;
    }

    @Override
    public long streamId() {
        return streamId;
    }

    @Override
    public boolean canRead() {
        return (streamId & 3) != 3;
    }

    @Override
    public boolean canWrite() {
        return (streamId & 3) != 2;
    }

    @Override
    public void abortRead(long errorCode, ConnectionAbortedException reason) {
        toServer.stopClient(errorCode, reason);
        fireWhenOver();
    }

    @Override
    public void abortWrite(long errorCode, ConnectionAbortedException reason) {
        StreamResetException forClient =
                new StreamResetException("The server has reset the stream", errorCode, true);
        toClient.reset(errorCode, reason, forClient, false);
        fireWhenOver();
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        abortWrite(DEFAULT_CODE, reason);
        abortRead(DEFAULT_CODE, reason);
        closed().fire(reason);
    }

    @Override
    public void close() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        ConnectionAbortedException reason =
                new ConnectionAbortedException("The stream was closed on this side");
        transport().output().complete(reason);
        transport().input().complete(reason);
        abortWrite(DEFAULT_CODE, reason);
        abortRead(DEFAULT_CODE, reason);
        connection.released(this);
        closed().fire(null);
    }

    // The client's side.

    void finishByClient() {
        toServer.finish();
        fireWhenOver();
    }

    void resetByClient(long code) {
        StreamResetException forServer =
                new StreamResetException("The client has reset the stream", code, true);
        if (toServer.reset(code, new IOException("This client reset it"), forServer, false)) {
            closed().fire(forServer);
        }
    }

    void stopByClient(long code) {
        if (toClient.stopServer(code)) {
            closed().fire(
                            new StreamResetException(
                                    "The client has asked to stop sending", code, true));
        }
    }

    /** The connection has ended, with what either side gets to see of that. */
    void connectionEnded(IOException forServer, IOException forClient) {
        // The way out first: whoever is woken by the end of the input can not answer any more.
        toClient.failToClient(forServer, forClient);
        toServer.failToServer(forServer, forClient);
        closed().fire(forServer);
    }

    private void fireWhenOver() {
        if (toServer.isOver() && toClient.isOver()) {
            closed().fire(null);
        }
    }

    private final class Source implements ByteSource {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return toServer.read(target);
        }

        @Override
        public int available() {
            return toServer.bytes().available();
        }

        @Override
        public void cancel() {
            toServer.bytes().cancel();
        }
    }

    private final class Sink implements ByteSink {
        @Override
        public void write(ByteBuffer source) throws IOException {
            write(new ByteBuffer[] {source}, 1);
        }

        @Override
        public void write(ByteBuffer[] sources, int count) throws IOException {
            toClient.bytes().write(sources, count);
        }

        @Override
        public void end() {
            toClient.finish();
            fireWhenOver();
        }
    }
}
