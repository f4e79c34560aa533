package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The server's end of a connection of many streams in memory, and what both ends know of it. All
 * that is not final is guarded by the lock.
 */
final class MemoryMultiplexedServerConnection extends MultiplexedConnectionContext {

    /** What the server's end says when nobody chose a code: H3_NO_ERROR. */
    static final long DEFAULT_CODE = 0x100;

    private static final AtomicLong COUNT = new AtomicLong();

    private final String id = "MEMQ" + COUNT.incrementAndGet();
    private final MemoryEndPoint endPoint;
    private final MemoryEndPoint client = new MemoryEndPoint("client-" + id);
    private final MemoryPool pool;
    private final int bufferSize;
    private final MultiplexedLimits limits;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<MemoryStreamContext> toAccept = new ArrayDeque<>();
    private final ArrayDeque<MemoryStreamContext> ofServer = new ArrayDeque<>();

    /** Those that the server has not closed. */
    private final Map<Long, MemoryStreamContext> open = new LinkedHashMap<>();

    private final long[] next = {0, 1, 2, 3};
    private int allowedToServer = Integer.MAX_VALUE;
    private long errorCode = DEFAULT_CODE;
    private boolean ended;
    private @Nullable IOException failure;
    private @Nullable Long closeCode;

    MemoryMultiplexedServerConnection(
            MemoryEndPoint endPoint,
            MemoryPool pool,
            int bufferSize,
            MultiplexedLimits limits,
            @Nullable String serverName) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.bufferSize = bufferSize;
        this.limits = limits;
        features().set(TlsConnectionFeature.class, new Negotiated(serverName));
    }

    private record Negotiated(@Nullable String serverName) implements TlsConnectionFeature {
        @Override
        public TlsVersion version() {
            return TlsVersion.TLS_1_3;
        }

        @Override
        public String cipherSuite() {
            return "TLS_AES_128_GCM_SHA256";
        }

        @Override
        public String applicationProtocol() {
            return "h3";
        }

        @Override
        public List<X509Certificate> clientCertificates() {
            return List.of();
        }
    }

    MemoryPool pool() {
        return pool;
    }

    @Override
    public String connectionId() {
        return id;
    }

    @Override
    public SocketAddress localAddress() {
        return endPoint;
    }

    @Override
    public SocketAddress remoteAddress() {
        return client;
    }

    @Override
    public @Nullable StreamContext acceptStream() throws IOException {
        lock.lock();
        try {
            while (true) {
                if (failure != null) {
                    throw failure;
                }
                MemoryStreamContext stream = toAccept.poll();
                if (stream != null || ended) {
                    changed.signalAll();
                    return stream;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StreamContext openUnidirectionalStream() throws IOException {
        lock.lock();
        try {
            while (!ended && allowedToServer == 0) {
                changed.awaitUninterruptibly();
            }
            if (ended) {
                throw failure == null
                        ? new ConnectionAbortedException("The connection has ended")
                        : failure;
            }
            allowedToServer--;
            MemoryStreamContext stream = newStream(3);
            ofServer.add(stream);
            changed.signalAll();
            return stream;
        } finally {
            lock.unlock();
        }
    }

    private MemoryStreamContext newStream(int kind) {
        MemoryStreamContext stream = new MemoryStreamContext(this, next[kind], bufferSize);
        next[kind] += 4;
        open.put(stream.streamId(), stream);
        return stream;
    }

    /** A stream is done with: its place is free. */
    void released(MemoryStreamContext stream) {
        lock.lock();
        try {
            open.remove(stream.streamId());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long errorCode() {
        lock.lock();
        try {
            return errorCode;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void errorCode(long code) {
        lock.lock();
        try {
            errorCode = code;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        abort(reason, errorCode());
    }

    @Override
    public void abort(ConnectionAbortedException reason, long code) {
        end(code, reason, reason, closedBy("server", code));
    }

    @Override
    public void close() {
        long code = errorCode();
        ConnectionAbortedException reason =
                new ConnectionAbortedException("The connection was closed on this side");
        end(code, null, reason, closedBy("server", code));
        List<MemoryStreamContext> left;
        lock.lock();
        try {
            left = List.copyOf(toAccept);
            toAccept.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(MemoryStreamContext::close);
    }

    /** Nobody accepted it. */
    void refuse() {
        abort(new ConnectionAbortedException("The listener was unbound"));
        close();
    }

    /** CONNECTION_CLOSE by the client. */
    void closeByClient(long code) {
        ConnectionResetException seen = closedBy("client", code);
        end(
                null,
                code == DEFAULT_CODE ? null : seen,
                seen,
                new IOException("This client closed it"));
    }

    /** The network is gone, as the server notices after its idle timeout. */
    void loseByClient() {
        ConnectionResetException seen = new ConnectionResetException("The client is gone", null);
        end(null, seen, seen, new IOException("This client went away"));
    }

    private static ConnectionResetException closedBy(String side, long code) {
        return new ConnectionResetException(
                "The " + side + " closed the connection with code 0x" + Long.toHexString(code),
                null);
    }

    private void end(
            @Nullable Long code,
            @Nullable IOException forAccept,
            IOException forServer,
            IOException forClient) {
        List<MemoryStreamContext> streams;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            closeCode = code;
            failure = forAccept;
            streams = List.copyOf(open.values());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        streams.forEach(stream -> stream.connectionEnded(forServer, forClient));
        closed().fire(forAccept);
    }

    // The client's side.

    /** Opens a stream; waits while the server allows no further one. */
    MemoryStreamContext openByClient(boolean bidirectional, long nanos) throws IOException {
        lock.lock();
        try {
            if (!await(nanos, () -> ended || canOpen(bidirectional))) {
                throw new AssertionError("The server allows no further stream: " + open.keySet());
            }
            if (ended) {
                throw new ConnectionResetException("The connection has ended", failure);
            }
            MemoryStreamContext stream = newStream(bidirectional ? 0 : 2);
            toAccept.add(stream);
            changed.signalAll();
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client may open one more. */
    boolean canOpen(boolean bidirectional) {
        lock.lock();
        try {
            int kind = bidirectional ? 0 : 2;
            long taken = open.keySet().stream().filter(stream -> (stream & 3) == kind).count();
            return taken
                    < (bidirectional
                            ? limits.maxBidirectionalStreams()
                            : limits.maxUnidirectionalStreams());
        } finally {
            lock.unlock();
        }
    }

    void allowServerStreams(int count) {
        lock.lock();
        try {
            allowedToServer = count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next stream of the server; {@code null} when the connection ended without one. */
    @Nullable MemoryStreamContext acceptByClient(long nanos) {
        lock.lock();
        try {
            if (!await(nanos, () -> ended || !ofServer.isEmpty())) {
                throw new AssertionError("The server has opened no further stream");
            }
            return ofServer.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the connection has ended; {@code null} when it was not the server. */
    @Nullable Long awaitCloseCode(long nanos) {
        lock.lock();
        try {
            if (!await(nanos, () -> ended)) {
                throw new AssertionError("The server has not ended the connection");
            }
            return closeCode;
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the server has accepted all streams, or the connection has ended. */
    void awaitAccepted(long nanos) {
        lock.lock();
        try {
            if (!await(nanos, () -> ended || toAccept.isEmpty())) {
                throw new AssertionError("The server does not accept streams");
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long nanos, BooleanSupplier state) {
        long left = nanos;
        try {
            while (!state.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        }
        return true;
    }
}
