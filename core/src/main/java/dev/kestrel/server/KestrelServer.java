package dev.kestrel.server;

import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.serving.KestrelServerImpl;
import dev.kestrel.internal.serving.ServerSetup;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A web server inside a program.
 *
 * <pre>{@code
 * KestrelServer server = KestrelServer.builder()
 *         .listen(8080)
 *         .handler(context -> context.response().send("Hello"))
 *         .build();
 * server.start();
 * ...
 * server.stop();
 * }</pre>
 *
 * <p>A server starts once and stops once. All methods may be called from any thread.
 */
public final class KestrelServer implements AutoCloseable {

    private final KestrelServerImpl server;
    private final Duration shutdownTimeout;

    KestrelServer(ServerSetup setup, Duration shutdownTimeout) {
        this.server = new KestrelServerImpl(setup);
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static KestrelServerBuilder builder() {
        return new KestrelServerBuilder();
    }

    /**
     * Binds all endpoints and begins to serve. When one endpoint can not be bound, none stays
     * bound; the server may then be started again. When this returns, clients can connect.
     *
     * @return this
     * @throws IOException when an endpoint can not be bound; the message names it and says why
     * @throws IllegalStateException when the server runs, or was stopped: it does not start again
     */
    public KestrelServer start() throws IOException {
        server.start();
        return this;
    }

    /**
     * Where the server listens, with the ports that the system chose where port 0 was asked for. In
     * the order of the configuration; {@code localhost} gives one address for each family.
     *
     * @return the addresses; empty before the start
     */
    public List<SocketAddress> endPoints() {
        return server.endPoints();
    }

    /**
     * Where the server speaks HTTP/3, over UDP with the same numbers of ports.
     *
     * @return those among {@link #endPoints()}; empty before the start, and where no transport for
     *     it works
     */
    public List<SocketAddress> http3EndPoints() {
        return server.http3EndPoints();
    }

    /**
     * The port of the first endpoint that has one.
     *
     * @return from 1 to 65535
     * @throws IllegalStateException before the start, and when no endpoint has a port
     */
    public int port() {
        for (SocketAddress endPoint : endPoints()) {
            if (endPoint instanceof InetSocketAddress address) {
                return address.getPort();
            }
        }
        throw new IllegalStateException(
                endPoints().isEmpty()
                        ? "The server has not been started"
                        : "The server has no endpoint with a port");
    }

    /**
     * How long running requests get at a {@link #stop()}.
     *
     * @return what {@link KestrelServerBuilder#shutdownTimeout} set
     */
    public Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /**
     * Stops gracefully, with the deadline that {@link KestrelServerBuilder#shutdownTimeout} set.
     *
     * @return how the connections ended
     */
    public StopResult stop() {
        return stop(shutdownTimeout);
    }

    /**
     * Stops gracefully: stops listening, closes idle connections, lets running requests finish and
     * aborts what is left at the deadline. Timeouts and data rates hold until the end. A call that
     * comes while the server stops waits for the same end, and makes it sooner when its deadline is
     * sooner; an interrupt of the calling thread ends the wait for running requests. Stopping a
     * server that is stopped does nothing.
     *
     * <p>A handler that calls this waits for itself until the deadline.
     *
     * @param deadline how long running requests get; zero, or less, aborts at once. Aborted
     *     connections get one second more to end
     * @return how the connections ended
     */
    public StopResult stop(Duration deadline) {
        int[] counts = server.stop(Objects.requireNonNull(deadline, "deadline"));
        return new StopResult(counts[0], counts[1]);
    }

    /**
     * Waits until a {@link #stop(Duration)} has ended.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void awaitStopped() throws InterruptedException {
        server.awaitStopped();
    }

    /** Stops with a deadline of zero. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /**
     * What the server has done so far.
     *
     * @return a snapshot
     */
    public ServerStatistics statistics() {
        HttpCounters http = server.services().counters();
        return new ServerStatistics(
                server.openConnections(),
                server.acceptedConnections(),
                server.rejectedConnections(),
                server.rejectedProxyHeaders(),
                server.tls().completed(),
                server.tls().failed(),
                server.tls().current(),
                http.requests.sum(),
                http.badRequests.sum(),
                http.applicationErrors.sum(),
                server.services().upgradedConnections().count(),
                http.guards.snapshot(),
                server.services().memoryPool().stats());
    }
}
