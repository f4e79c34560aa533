package dev.kestrel.conformance;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The server's end of a connection over which a client asks the same again and again, each time on
 * a new stream, and never has more than some requests open. Nothing is made for a request but what
 * the server makes, and the stream with its pipes, as a transport would.
 */
final class RepeatedHttp3Connection extends MultiplexedConnectionContext {

    private final byte[] request;
    private final int times;
    private final int atOnce;
    private final IntConsumer beforeAsking;
    private final CountDownLatch end = new CountDownLatch(1);

    // The connection's thread's.
    private int asked;

    private final AtomicInteger served = new AtomicInteger();
    private volatile @Nullable Thread acceptor;

    /**
     * Asks {@code times} times.
     *
     * @param atOnce how many requests are open together
     * @param beforeAsking hears how many requests were served, whenever all are
     * @param request the frames of a request
     */
    RepeatedHttp3Connection(int times, int atOnce, IntConsumer beforeAsking, byte... request) {
        this.times = times;
        this.atOnce = atOnce;
        this.beforeAsking = beforeAsking;
        this.request = request;
    }

    byte[] request() {
        return request;
    }

    int served() {
        return served.get();
    }

    void awaitEnd() throws InterruptedException {
        end.await();
    }

    /** A stream of a request was closed by the server. */
    void streamClosed() {
        served.incrementAndGet();
        LockSupport.unpark(acceptor);
    }

    @Override
    public @Nullable StreamContext acceptStream() throws IOException {
        acceptor = Thread.currentThread();
        if (asked % atOnce == 0) {
            while (served.get() < asked && !closed().isFired()) {
                LockSupport.park(this);
            }
            if (closed().isFired()) {
                return null;
            }
            beforeAsking.accept(asked);
            if (asked == times) {
                return null;
            }
        }
        return new RepeatedHttp3Stream(this, 4L * asked++);
    }

    /** The server's own streams: their octets are dropped. */
    @Override
    public StreamContext openUnidirectionalStream() throws IOException {
        return new RepeatedHttp3Stream(this, 3);
    }

    @Override
    public void errorCode(long code) {}

    @Override
    public String connectionId() {
        return "one";
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return null;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public void abort(ConnectionAbortedException reason, long errorCode) {
        abort(reason);
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        closed().fire(reason);
        LockSupport.unpark(acceptor);
    }

    @Override
    public void close() {
        closed().fire(null);
        end.countDown();
    }
}
