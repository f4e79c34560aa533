package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A connection over two pipes, with the client's end for the test. */
final class FakeConnection extends ConnectionContext {

    private static final AtomicLong COUNT = new AtomicLong();

    private final String id = "FAKE" + COUNT.incrementAndGet();
    final Pipe toServer;
    final Pipe toClient;
    private boolean closed;

    /** Fires when the server closed or aborted the connection. */
    final Signal ended = new Signal();

    FakeConnection(MemoryPool pool) {
        toServer = new Pipe(pool);
        toClient = new Pipe(pool);
        transport(DuplexPipe.of(toServer.reader(), toClient.writer()));
        remoteAddress(new InetSocketAddress("192.0.2.7", 40000));
        localAddress(new InetSocketAddress("198.51.100.1", 80));
    }

    @Override
    public String connectionId() {
        return id;
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        if (ended.fire(reason)) {
            closed().fire(reason);
            synchronized (toServer) { // The client may be writing.
                toServer.writer().complete(reason);
            }
            toClient.reader().complete(reason);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            toServer.reader().complete();
            toClient.writer().complete();
            closed().fire(null);
            ended.fire(null);
        }
    }

    // The client's side.

    FakeConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    FakeConnection send(byte... bytes) throws IOException {
        synchronized (toServer) {
            if (!ended.isFired()) {
                toServer.writer().writeAndFlush(bytes, 0, bytes.length);
            }
        }
        return this;
    }

    FakeConnection finish() {
        synchronized (toServer) {
            toServer.writer().complete();
        }
        return this;
    }

    /** Reads until so much has come. */
    String receive(int count) throws IOException {
        return new String(
                toClient.reader().asInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Reads until the server ends the connection. */
    String receiveAll() throws IOException {
        return new String(
                toClient.reader().asInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the server reset it. */
    boolean awaitAborted() throws InterruptedException {
        ended.await();
        return ended.cause() != null;
    }
}
