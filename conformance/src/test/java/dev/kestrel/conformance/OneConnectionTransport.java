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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A transport with a single connection, which a test reads from and writes to by itself. */
final class OneConnectionTransport implements ConnectionListenerFactory, ConnectionListener {

    static final SocketAddress END_POINT = new MemoryEndPoint("one connection");

    private final MemoryPool pool;
    private final ByteSource requests;
    private final ByteSink answers;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch unbound = new CountDownLatch(1);
    private final AtomicBoolean accepted = new AtomicBoolean();

    OneConnectionTransport(MemoryPool pool, ByteSource requests, ByteSink answers) {
        this.pool = pool;
        this.requests = requests;
        this.answers = answers;
    }

    void awaitEnd() throws InterruptedException {
        end.await();
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
                            new SourcePipeReader(pool, requests),
                            new SinkPipeWriter(pool, answers)));
        }

        @Override
        public String connectionId() {
            return "one";
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
}
