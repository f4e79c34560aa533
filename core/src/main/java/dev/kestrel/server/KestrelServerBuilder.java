package dev.kestrel.server;

import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.sockets.SocketTransport;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.serving.ServerSetup;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerLimitsBuilder;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Collects what a {@link KestrelServer} is made of. Not safe for several threads at once. */
public final class KestrelServerBuilder {

    /** Where a server listens that was told nothing: the original's default. */
    private static final int DEFAULT_PORT = 5000;

    private final List<ListenOptions> endPoints = new ArrayList<>();
    private final List<ConnectionListenerFactory> transports = new ArrayList<>();
    private final List<MultiplexedConnectionListenerFactory> multiplexedTransports =
            new ArrayList<>();
    private final KestrelServerOptions.Builder options = KestrelServerOptions.builder();
    private SocketTransportOptions.Builder sockets = SocketTransportOptions.builder();
    private @Nullable KestrelServerLimitsBuilder limits;
    private @Nullable MemoryPool memoryPool;
    private @Nullable HttpHandler handler;
    private Duration shutdownTimeout = Duration.ofSeconds(30);

    KestrelServerBuilder() {}

    /**
     * Listens on {@code localhost}, on IPv4 and IPv6: reachable from this machine alone. The same
     * as {@link #listenLocalhost(int)}.
     *
     * @param port from 1 to 65535; 0 for any port that is free on both
     * @return this
     * @throws IllegalArgumentException when the port is out of range
     */
    public KestrelServerBuilder listen(int port) {
        return listenLocalhost(port);
    }

    /**
     * Listens on an address.
     *
     * @param endPoint an {@link java.net.InetSocketAddress}, a {@link UnixDomainSocketAddress}, or
     *     whatever a registered transport can bind
     * @return this
     */
    public KestrelServerBuilder listen(SocketAddress endPoint) {
        return listen(endPoint, options -> {});
    }

    /**
     * Listens on an address, with options.
     *
     * @param endPoint an {@link java.net.InetSocketAddress}, a {@link UnixDomainSocketAddress}, or
     *     whatever a registered transport can bind
     * @param configure sets the endpoint's options; called at once
     * @return this
     */
    public KestrelServerBuilder listen(
            SocketAddress endPoint, Consumer<ListenOptions.Builder> configure) {
        ListenOptions.Builder builder = ListenOptions.builder(endPoint);
        configure.accept(builder);
        return listen(builder.build());
    }

    /**
     * Listens on an endpoint whose options are made.
     *
     * @param endPoint the endpoint
     * @return this
     */
    public KestrelServerBuilder listen(ListenOptions endPoint) {
        endPoints.add(Objects.requireNonNull(endPoint, "endPoint"));
        return this;
    }

    /**
     * Listens on {@code localhost}, on IPv4 and IPv6: reachable from this machine alone.
     *
     * @param port from 1 to 65535; 0 for any port that is free on both
     * @return this
     * @throws IllegalArgumentException when the port is out of range
     */
    public KestrelServerBuilder listenLocalhost(int port) {
        return listen(new LocalhostEndPoint(port));
    }

    /**
     * Listens on {@code localhost}, with options.
     *
     * @param port from 1 to 65535; 0 for any port that is free on both families
     * @param configure sets the endpoint's options; called at once
     * @return this
     * @throws IllegalArgumentException when the port is out of range
     */
    public KestrelServerBuilder listenLocalhost(
            int port, Consumer<ListenOptions.Builder> configure) {
        return listen(new LocalhostEndPoint(port), configure);
    }

    /**
     * Listens on all addresses of this machine, IPv6 and IPv4: reachable from the network.
     *
     * @param port from 1 to 65535; 0 for any free port
     * @return this
     * @throws IllegalArgumentException when the port is out of range
     */
    public KestrelServerBuilder listenAnyIp(int port) {
        return listen(new AnyIpEndPoint(port));
    }

    /**
     * Listens on all addresses of this machine, with options.
     *
     * @param port from 1 to 65535; 0 for any free port
     * @param configure sets the endpoint's options; called at once
     * @return this
     * @throws IllegalArgumentException when the port is out of range
     */
    public KestrelServerBuilder listenAnyIp(int port, Consumer<ListenOptions.Builder> configure) {
        return listen(new AnyIpEndPoint(port), configure);
    }

    /**
     * Listens on a Unix domain socket.
     *
     * @param path the socket's file; made by the server, and removed when it stops
     * @return this
     */
    public KestrelServerBuilder listenUnixSocket(Path path) {
        return listen(UnixDomainSocketAddress.of(path));
    }

    /**
     * Listens on a Unix domain socket, with options.
     *
     * @param path the socket's file; made by the server, and removed when it stops
     * @param configure sets the endpoint's options; called at once
     * @return this
     */
    public KestrelServerBuilder listenUnixSocket(
            Path path, Consumer<ListenOptions.Builder> configure) {
        return listen(UnixDomainSocketAddress.of(path), configure);
    }

    /**
     * Changes limits. What is set here wins over limits that {@link #options} sets.
     *
     * @param configure sets the limits; called at once. Later calls go on where earlier ones ended
     * @return this
     */
    public KestrelServerBuilder limits(Consumer<KestrelServerLimitsBuilder> configure) {
        if (limits == null) {
            limits = KestrelServerLimits.builder();
        }
        configure.accept(limits);
        return this;
    }

    /**
     * Changes options of the whole server.
     *
     * @param configure sets the options; called at once. Later calls go on where earlier ones ended
     * @return this
     */
    public KestrelServerBuilder options(Consumer<KestrelServerOptions.Builder> configure) {
        configure.accept(options);
        return this;
    }

    /**
     * Registers a transport. The last one registered that can bind an endpoint gets it; the
     * transport for sockets is there from the start, before all others.
     *
     * @param transport binds endpoints
     * @return this
     */
    public KestrelServerBuilder transport(ConnectionListenerFactory transport) {
        transports.add(Objects.requireNonNull(transport, "transport"));
        return this;
    }

    /**
     * Registers a transport for HTTP/3. The last one registered that can bind an endpoint gets it.
     * Default: the one that the module {@code kestrel-quic} brings, when it is there.
     *
     * @param transport binds endpoints
     * @return this
     */
    public KestrelServerBuilder multiplexedTransport(
            MultiplexedConnectionListenerFactory transport) {
        multiplexedTransports.add(Objects.requireNonNull(transport, "transport"));
        return this;
    }

    /**
     * Changes how sockets are set up, and which threads serve them (and HTTP/3, unless it was given
     * a transport). What limits say about sockets (how long connections linger, how much is read
     * ahead) wins over what is set here.
     *
     * @param configure sets the options; called at once. Later calls go on where earlier ones ended
     * @return this
     */
    public KestrelServerBuilder sockets(Consumer<SocketTransportOptions.Builder> configure) {
        configure.accept(sockets);
        return this;
    }

    /**
     * Sets how sockets are set up, and which threads serve them, in place of what was set before.
     *
     * @param options the options
     * @return this
     */
    public KestrelServerBuilder sockets(SocketTransportOptions.Builder options) {
        sockets = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Sets where the server's memory comes from. Default: a pool of its own.
     *
     * @param pool the pool; the server's heartbeat trims it
     * @return this
     */
    public KestrelServerBuilder memoryPool(MemoryPool pool) {
        memoryPool = Objects.requireNonNull(pool, "pool");
        return this;
    }

    /**
     * Sets the application.
     *
     * @param application answers every request of every endpoint that speaks HTTP
     * @return this
     */
    public KestrelServerBuilder handler(HttpHandler application) {
        handler = Objects.requireNonNull(application, "application");
        return this;
    }

    /**
     * Sets how long running requests get when the server stops. Default: 30 s.
     *
     * @param timeout zero or more
     * @return this
     * @throws IllegalArgumentException when the timeout is negative
     */
    public KestrelServerBuilder shutdownTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "shutdownTimeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "shutdownTimeout must be zero or more, not " + timeout);
        }
        shutdownTimeout = timeout;
        return this;
    }

    /**
     * Makes the server. Nothing is bound before {@link KestrelServer#start()}. Without an endpoint
     * it will listen on {@code localhost:5000}.
     *
     * @return a server that has not started
     * @throws IllegalArgumentException when an endpoint is configured twice, speaks HTTP although
     *     there is no handler, speaks HTTP/3 without TLS 1.3, limits contradict each other, or
     *     loops are to serve sockets and the JVM does not allow them
     */
    public KestrelServer build() {
        if (limits != null) {
            options.limits(limits.build());
        }
        MemoryPool pool = memoryPool == null ? new MemoryPool() : memoryPool;
        List<ListenOptions> where =
                endPoints.isEmpty()
                        ? List.of(
                                ListenOptions.builder(new LocalhostEndPoint(DEFAULT_PORT)).build())
                        : endPoints;
        List<ConnectionListenerFactory> how = new ArrayList<>();
        KestrelServerOptions built = options.build();
        SocketTransportOptions socketOptions =
                sockets.lingerTimeout(built.limits().lingerTimeout())
                        .maxReadBufferSize(readBufferSize(built.limits()))
                        .build();
        how.add(new SocketTransport(pool, socketOptions));
        how.addAll(transports);
        return new KestrelServer(
                new ServerSetup(
                        built, where, how, multiplexedTransports, socketOptions, pool, handler),
                shutdownTimeout);
    }

    private static int readBufferSize(KestrelServerLimits limits) {
        long size = limits.maxRequestBufferSize();
        return size == KestrelServerLimits.UNLIMITED
                ? Integer.MAX_VALUE
                : (int) Math.min(size, Integer.MAX_VALUE);
    }

    /**
     * Makes the server and starts it.
     *
     * @return a server that runs
     * @throws java.io.IOException when an endpoint can not be bound
     * @throws IllegalArgumentException as for {@link #build()}
     */
    public KestrelServer start() throws java.io.IOException {
        return build().start();
    }
}
