package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The server's end of a connection in memory. */
final class MemoryServerConnection extends ConnectionContext {

    private static final AtomicLong COUNT = new AtomicLong();

    private final String id = "MEM" + COUNT.incrementAndGet();
    private final MemoryStream toServer;
    private final MemoryStream toClient;
    private final Signal peerGone = new Signal();
    private final AtomicBoolean ended = new AtomicBoolean();

    MemoryServerConnection(
            MemoryEndPoint endPoint,
            MemoryPool pool,
            MemoryStream toServer,
            MemoryStream toClient) {
        this.toServer = toServer;
        this.toClient = toClient;
        localAddress(endPoint);
        remoteAddress(new MemoryEndPoint("client-" + id));
        SourcePipeReader input =
                new SourcePipeReader(
                        pool,
                        new Source(toServer),
                        SourcePipeReader.DEFAULT_IDLE_SIZE,
                        SourcePipeReader.DEFAULT_READ_AHEAD_LIMIT,
                        peerGone::fire);
        features().set(ConnectionReadAheadFeature.class, new MemoryReadAhead(input, peerGone));
        features().set(ConnectionRestFeature.class, new MemoryRest(input, toServer));
        SinkPipeWriter output = new SinkPipeWriter(pool, new Sink(toClient));
        transport(DuplexPipe.of(input, output));
    }

    @Override
    public String connectionId() {
        return id;
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        if (ended.compareAndSet(false, true)) {
            ConnectionResetException seen =
                    new ConnectionResetException("The server reset the connection", reason);
            // The way out first: whoever is woken by the end of the input can not answer any more.
            toClient.fail(seen, reason, false);
            toServer.fail(reason, seen, true);
            closed().fire(reason);
        }
    }

    /** The client broke the connection. */
    void resetByClient() {
        if (ended.compareAndSet(false, true)) {
            ConnectionResetException seen =
                    new ConnectionResetException("The client reset the connection", null);
            IOException own = new IOException("This client reset the connection");
            toServer.fail(seen, own, false);
            toClient.fail(own, seen, true);
            closed().fire(seen);
        }
    }

    /** Nobody accepted it. */
    void refuse() {
        abort(new ConnectionAbortedException("The listener was unbound"));
        close();
    }

    @Override
    public void close() {
        transport().input().complete(null);
        transport().output().complete(null);
        toServer.drop();
        toClient.finish();
        if (ended.compareAndSet(false, true)) {
            closed().fire(null);
        }
    }

    private record MemoryReadAhead(SourcePipeReader input, Signal peerGone)
            implements ConnectionReadAheadFeature {
        @Override
        public void start() {
            input.startReadAhead();
        }

        @Override
        public void stop() {
            input.stopReadAhead();
        }
    }

    private record MemoryRest(SourcePipeReader input, MemoryStream toServer)
            implements ConnectionRestFeature {
        @Override
        public boolean readNow() {
            return toServer.hasInput();
        }

        @Override
        public void awaitInput() throws IOException {
            input.awaitInput();
        }

        @Override
        public void wake() {
            toServer.wake();
        }

        @Override
        public boolean rest(Runnable task) {
            if (!input.beginRest()) {
                return false;
            }
            toServer.rest(task);
            return true;
        }
    }

    private record Source(MemoryStream stream) implements ByteSource {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return stream.read(target);
        }

        @Override
        public int available() {
            return stream.available();
        }

        @Override
        public boolean awaitInput() {
            stream.awaitInput();
            return true;
        }

        @Override
        public void cancel() {
            stream.cancel();
        }
    }

    private static final class Sink implements ByteSink {
        private final MemoryStream stream;
        private final ByteBuffer[] one = new ByteBuffer[1];

        Sink(MemoryStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            one[0] = source;
            stream.write(one, 1);
        }

        @Override
        public void write(ByteBuffer[] sources, int count) throws IOException {
            stream.write(sources, count);
        }

        @Override
        public void end() {
            stream.finish();
        }
    }
}
