package dev.kestrel.conformance;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;
import dev.kestrel.testkit.MemoryEndPoint;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * A transport with a single connection, on which each read brings the same request, and which drops
 * what is written.
 */
final class RepeatingTransport implements ConnectionListenerFactory, ConnectionListener {

    static final SocketAddress END_POINT = new MemoryEndPoint("repeating");

    private final MemoryPool pool;
    private final byte[] request;
    private final int times;
    private final IntConsumer beforeRead;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch unbound = new CountDownLatch(1);
    private final AtomicBoolean accepted = new AtomicBoolean();
    private volatile long written;

    /**
     * Asks {@code times} times; {@code beforeRead} hears how often the request was brought so far.
     */
    RepeatingTransport(MemoryPool pool, byte[] request, int times, IntConsumer beforeRead) {
        this.pool = pool;
        this.request = request;
        this.times = times;
        this.beforeRead = beforeRead;
    }

    void awaitEnd() throws InterruptedException {
        end.await();
    }

    long bytesWritten() {
        return written;
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint.equals(END_POINT);
    }

    @Override
    public ConnectionListener bind(SocketAddress endPoint) {
        return this;
    }

    @Override
    public SocketAddress endPoint() {
        return END_POINT;
    }

    @Override
    public @Nullable ConnectionContext accept() {
        if (accepted.compareAndSet(false, true)) {
            return new Connection();
        }
        try {
            unbound.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    @Override
    public void unbind() {
        unbound.countDown();
    }

    @Override
    public void close() {
        unbind();
    }

    private final class Connection extends ConnectionContext {

        Connection() {
            transport(
                    DuplexPipe.of(
                            new SourcePipeReader(pool, new Requests()),
                            new SinkPipeWriter(pool, new Answers())));
        }

        @Override
        public String connectionId() {
            return "repeating";
        }

        @Override
        public void abort(ConnectionAbortedException reason) {
            closed().fire(reason);
        }

        @Override
        public void close() {
            transport().input().complete();
            transport().output().complete();
            closed().fire(null);
            end.countDown();
        }
    }

    private final class Requests implements ByteSource {
        private int served;

        @Override
        public int read(ByteBuffer target) {
            beforeRead.accept(served);
            if (served == times) {
                return -1;
            }
            served++;
            target.put(request);
            return request.length;
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public void cancel() {}
    }

    private final class Answers implements ByteSink {
        private long count;

        @Override
        public void write(ByteBuffer source) {
            count += source.remaining();
            source.position(source.limit());
            written = count;
        }

        @Override
        public void write(ByteBuffer[] sources, int length) {
            for (int i = 0; i < length; i++) {
                write(sources[i]);
            }
        }
    }
}
