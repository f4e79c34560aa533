package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.tls.HttpsEndPoint;
import dev.kestrel.internal.tls.TlsCounters;
import dev.kestrel.options.Http3Limits;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.TimeProvider;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** A server's parts and the order in which they start and stop. */
public final class KestrelServerImpl {

    private static final System.Logger LOG = System.getLogger(KestrelServerImpl.class.getName());

    /** How long aborted connections get to notice. */
    private static final Duration AFTER_ABORT = Duration.ofSeconds(1);

    /** How often idle memory is looked at, in beats. */
    private static final int BEATS_BETWEEN_TRIMS = 10;

    private enum State {
        NEW,
        RUNNING,
        STOPPED
    }

    private final ServerSetup setup;
    private final HttpServices services;
    private final ServerCounters counters = new ServerCounters();
    private final ConnectionManager connections = new ConnectionManager();
    private final TransportManager transports;
    private final Heartbeat heartbeat;
    private final @Nullable ConnectionLimitMiddleware connectionLimit;
    private final TlsCounters tls = new TlsCounters();

    /** Set before the heartbeat starts. */
    private Map<ListenOptions, HttpsEndPoint> https = Map.of();

    /** Held while the server starts and while it stops. */
    private final ReentrantLock lifecycle = new ReentrantLock();

    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * When the stop becomes an abort: nanoseconds after {@link #origin}. The soonest that any
     * caller asked for counts.
     */
    private final AtomicLong stopDeadline = new AtomicLong(Long.MAX_VALUE);

    private final long origin = System.nanoTime();
    private State state = State.NEW;
    private volatile List<SocketAddress> endPoints = List.of();
    private volatile List<SocketAddress> http3EndPoints = List.of();
    private int graceful;
    private int aborted;
    private int beats;

    /** Puts the parts together; nothing is bound yet. */
    public KestrelServerImpl(ServerSetup setup) {
        this.setup = setup;
        KestrelServerOptions options = setup.options();
        TimeProvider time = options.timeProvider();
        MemoryPool pool = setup.memoryPool();
        DateHeaderValueManager date = new DateHeaderValueManager(time.now());
        services =
                new HttpServices(
                        options,
                        pool,
                        date,
                        new ResourceCounter(options.limits().maxConcurrentUpgradedConnections()),
                        new HttpCounters());
        transports =
                new TransportManager(setup.transports(), connections, new MemoryPoolFeature(pool));
        heartbeat =
                new Heartbeat(
                        time,
                        List.of(
                                nanoTime -> date.update(time.now()),
                                connections,
                                nanoTime -> trimSometimes(pool),
                                this::checkCertificates));
        long limit = options.limits().maxConcurrentConnections();
        connectionLimit =
                limit < 0
                        ? null
                        : new ConnectionLimitMiddleware(
                                new ResourceCounter(limit), counters.rejected, time);
    }

    private void trimSometimes(MemoryPool pool) {
        if (++beats % BEATS_BETWEEN_TRIMS == 0) {
            pool.trim();
        }
    }

    private void checkCertificates(long nanoTime) {
        https.values().forEach(each -> each.onHeartbeat(nanoTime));
    }

    /** Binds everything and begins to serve; when one endpoint fails nothing stays bound. */
    public void start() throws IOException {
        lifecycle.lock();
        try {
            switch (state) {
                case RUNNING -> throw new IllegalStateException("The server runs already");
                case STOPPED ->
                        throw new IllegalStateException(
                                "The server was stopped; a stopped server does not start again."
                                        + " Build a new one.");
                case NEW -> {}
            }
            https = loadCertificates();
            MultiplexedTransports multiplexed =
                    MultiplexedTransports.find(
                            setup.multiplexedTransports(),
                            setup.endPoints(),
                            setup.memoryPool(),
                            setup.sockets());
            List<BoundEndPoint> bound =
                    new AddressBinder(new Binder(multiplexed)).bind(setup.endPoints());
            endPoints = bound.stream().map(BoundEndPoint::endPoint).toList();
            http3EndPoints =
                    bound.stream()
                            .filter(each -> each.multiplexed() != null)
                            .map(BoundEndPoint::endPoint)
                            .toList();
            heartbeat.start();
            state = State.RUNNING;
            EndPointPipelines pipelines =
                    new EndPointPipelines(setup, services, counters, connectionLimit);
            bound.forEach(each -> accept(each, pipelines));
        } finally {
            lifecycle.unlock();
        }
    }

    private Map<ListenOptions, HttpsEndPoint> loadCertificates() throws IOException {
        Map<ListenOptions, HttpsEndPoint> all = new IdentityHashMap<>();
        for (ListenOptions endPoint : setup.endPoints()) {
            HttpsOptions how = endPoint.https();
            if (how != null) {
                boolean http = endPoint.connectionHandler() == null;
                all.put(
                        endPoint,
                        new HttpsEndPoint(
                                how,
                                http ? endPoint.protocols() : Set.of(),
                                endPoint.toString(),
                                setup.options().timeProvider(),
                                setup.memoryPool(),
                                tls));
            }
        }
        return all;
    }

    private void accept(BoundEndPoint bound, EndPointPipelines pipelines) {
        ListenOptions endPoint = bound.options();
        ConnectionListener listener = bound.listener();
        if (listener != null) {
            transports.start(
                    new ConnectionSource.Simple(
                            listener,
                            pipelines.simple(
                                    endPoint, https.get(endPoint), bound.alternativeService())));
        }
        MultiplexedConnectionListener multiplexed = bound.multiplexed();
        if (multiplexed != null) {
            transports.start(
                    new ConnectionSource.Multiplexed(multiplexed, pipelines.multiplexed(endPoint)));
        }
    }

    /** Binds sockets and, where it is spoken and can be, HTTP/3 beside them. */
    private final class Binder implements AddressBinder.Binder {
        private final MultiplexedTransports multiplexed;

        Binder(MultiplexedTransports multiplexed) {
            this.multiplexed = multiplexed;
        }

        @Override
        public ConnectionListener bind(SocketAddress endPoint) throws IOException {
            return transports.bind(endPoint);
        }

        @Override
        public @Nullable MultiplexedConnectionListener bindMultiplexed(
                SocketAddress endPoint, ListenOptions options) throws IOException {
            HttpsEndPoint encrypted = https.get(options);
            TlsHostSelector hosts = encrypted == null ? null : encrypted.quic();
            MultiplexedConnectionListenerFactory transport = multiplexed.forEndPoint(endPoint);
            return hosts == null || transport == null
                    ? null
                    : transport.bind(endPoint, hosts, limits());
        }

        private MultiplexedLimits limits() {
            Http3Limits http3 = setup.options().limits().http3();
            return new MultiplexedLimits(
                    http3.maxStreamsPerConnection(),
                    MultiplexedLimits.DEFAULT.maxUnidirectionalStreams(),
                    http3.initialStreamWindowSize(),
                    http3.initialConnectionWindowSize());
        }
    }

    /** Where the server listens. */
    public List<SocketAddress> endPoints() {
        return endPoints;
    }

    /** Those among {@link #endPoints()} where HTTP/3 is served. */
    public List<SocketAddress> http3EndPoints() {
        return http3EndPoints;
    }

    /**
     * Stops: no new connections, then no new requests, and at the deadline an end to everything.
     * Concurrent calls wait for the same end; the soonest deadline of all counts. An interrupt is a
     * deadline of zero.
     *
     * @return how many connections ended gracefully, and how many were aborted
     */
    public int[] stop(Duration deadline) {
        stopBy(deadline);
        boolean interrupted = false;
        lifecycle.lock();
        try {
            if (state == State.RUNNING) {
                interrupted = drain();
                heartbeat.close();
                transports.close();
                LOG.log(
                        Level.DEBUG,
                        () ->
                                "Stopped: "
                                        + graceful
                                        + " connections ended gracefully, "
                                        + aborted
                                        + " were aborted");
            }
            state = State.STOPPED;
            return new int[] {graceful, aborted};
        } finally {
            lifecycle.unlock();
            stopped.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stopBy(Duration deadline) {
        long nanos;
        try {
            nanos = Math.max(0, deadline.toNanos());
        } catch (ArithmeticException e) {
            nanos = Long.MAX_VALUE / 4; // 73 years
        }
        long at = System.nanoTime() - origin + Math.min(nanos, Long.MAX_VALUE / 4);
        stopDeadline.accumulateAndGet(at, Math::min);
        connections.wake();
    }

    /** Ends all connections; true when the thread was interrupted meanwhile. */
    private boolean drain() {
        boolean interrupted = false;
        int open = 0;
        boolean none = false;
        try {
            transports.unbind();
            open = connections.count();
            connections.closeAll();
            none = connections.awaitNone(() -> origin + stopDeadline.get());
        } catch (InterruptedException e) {
            interrupted = true;
            open = Math.max(open, connections.count());
        }
        if (!none) {
            aborted = connections.abortAll("The server is stopping");
            long until = System.nanoTime() + AFTER_ABORT.toNanos();
            try {
                none = connections.awaitNone(() -> until);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!none) {
                int left = connections.count();
                if (left > 0) {
                    LOG.log(
                            Level.WARNING,
                            left
                                    + " connections did not end: their handlers ignore that they were aborted");
                }
            }
        }
        graceful = Math.max(0, open - aborted);
        return interrupted;
    }

    /** Waits until a stop has ended. */
    public void awaitStopped() throws InterruptedException {
        stopped.await();
    }

    /** Open connections. */
    public int openConnections() {
        return connections.count();
    }

    /** Connections since the start. */
    public long acceptedConnections() {
        return connections.accepted();
    }

    /** Connections above the limit. */
    public long rejectedConnections() {
        return counters.rejected.sum();
    }

    /** Connections that a PROXY endpoint refused. */
    public long rejectedProxyHeaders() {
        return counters.proxyRejected.sum();
    }

    /** Handshakes of TLS. */
    public TlsCounters tls() {
        return tls;
    }

    /** What HTTP shares and has counted. */
    public HttpServices services() {
        return services;
    }
}
