package dev.kestrel.testkit;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.KestrelServerLimitsBuilder;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.server.KestrelServer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A whole server in memory: transport, clock and memory pool are those of the testkit, everything
 * between is what runs in production.
 *
 * <p>{@link #close()} stops the server and then fails with an {@link AssertionError} when memory
 * was not given back, was touched after it was given back, or something was logged at {@code
 * WARNING} or above that the test did not {@linkplain LogRecorder#expect expect}.
 */
public final class TestServer implements AutoCloseable {

    /**
     * Set to {@code true}, servers that speak HTTP/2 alone do so over TLS, and their clients too.
     */
    private static final String TLS = "dev.kestrel.testkit.tls";

    private static final MemoryEndPoint END_POINT = new MemoryEndPoint("server");

    private final ManualTimeProvider time = new ManualTimeProvider();
    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private final LogRecorder log;
    private final MemoryTransport transport;
    private final MemoryMultiplexedTransport multiplexed;
    private final KestrelServer server;
    private final List<MemoryConnection> connections = new ArrayList<>();
    private final List<MemoryMultiplexedConnection> multiplexedConnections = new ArrayList<>();
    private final boolean https;
    private final String scheme;
    private boolean closed;

    private TestServer(Builder from, HttpHandler handler) {
        log = new LogRecorder();
        https = from.https;
        scheme = from.scheme;
        transport = new MemoryTransport(pool).bufferSize(from.bufferSize);
        multiplexed = new MemoryMultiplexedTransport(pool).bufferSize(from.bufferSize);
        server =
                KestrelServer.builder()
                        .transport(transport)
                        .multiplexedTransport(multiplexed)
                        .memoryPool(pool)
                        .options(from.options)
                        .options(options -> options.timeProvider(time))
                        .limits(from.limits)
                        .listen(END_POINT, from.endPoint)
                        .handler(handler)
                        .build();
        try {
            server.start();
        } catch (IOException e) {
            log.close();
            throw new AssertionError("The server does not start", e);
        }
    }

    /**
     * Starts a server with the default options.
     *
     * @param handler the application
     * @return a running server
     */
    public static TestServer start(HttpHandler handler) {
        return builder().start(handler);
    }

    /**
     * Starts a server with the default options whose endpoint speaks HTTP/2 alone.
     *
     * @param handler the application
     * @return a running server
     */
    public static TestServer startHttp2(HttpHandler handler) {
        return http2().start(handler);
    }

    /**
     * Starts with an endpoint that speaks HTTP/2 alone, and the default options.
     *
     * @return a builder
     */
    public static Builder http2() {
        Builder builder = builder().endPoint(endPoint -> endPoint.protocols(HttpVersion.HTTP_2));
        return Boolean.getBoolean(TLS) ? builder.httpsInDisguise() : builder;
    }

    /**
     * Starts a server with the default options whose endpoint speaks HTTP/3 alone.
     *
     * @param handler the application
     * @return a running server
     */
    public static TestServer startHttp3(HttpHandler handler) {
        return http3().start(handler);
    }

    /**
     * Starts with an endpoint that speaks HTTP/3 alone, and the default options.
     *
     * @return a builder
     */
    public static Builder http3() {
        return builder().https().endPoint(endPoint -> endPoint.protocols(HttpVersion.HTTP_3));
    }

    /**
     * Starts with the default options.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects a client.
     *
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http1Conversation connect() {
        return new Http1Conversation(open(), time);
    }

    /**
     * Connects a client that speaks HTTP/2 and has sent nothing yet.
     *
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http2Conversation connectHttp2Raw() {
        if (!https) {
            return new Http2Conversation(open(), time);
        }
        return new Http2Conversation(openTls("h2"), time).scheme(scheme);
    }

    /**
     * Connects a client that speaks HTTP/1.1 over TLS.
     *
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http1Conversation connectTls() {
        return new Http1Conversation(openTls("http/1.1"), time);
    }

    /**
     * Connects a client that has sent nothing yet.
     *
     * @return the client's end, which the server closes at its end when the test did not
     */
    public MemoryConnection connectRaw() {
        return open();
    }

    /**
     * Connects a client that speaks HTTP/3, and waits until both sides have each other's settings.
     *
     * @param idValuePairs the client's settings: identifiers, each followed by its value
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http3Conversation connectHttp3(long... idValuePairs) {
        return connectHttp3Raw().handshake(idValuePairs);
    }

    /**
     * Connects a client that speaks HTTP/3 and has sent nothing yet.
     *
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http3Conversation connectHttp3Raw() {
        return new Http3Conversation(connectMultiplexed(), time);
    }

    /**
     * Connects a client over the transport of HTTP/3.
     *
     * @return the client's end, which the server closes at its end when the test did not
     */
    public MemoryMultiplexedConnection connectMultiplexed() {
        try {
            MemoryMultiplexedConnection connection = multiplexed.connect(END_POINT);
            multiplexedConnections.add(connection);
            return connection;
        } catch (IOException e) {
            throw new AssertionError("The server does not accept connections of HTTP/3", e);
        }
    }

    private MemoryConnection openTls(String applicationProtocol) {
        try {
            return open().startTls("localhost", applicationProtocol);
        } catch (IOException e) {
            throw new AssertionError("There is no agreement on TLS", e);
        }
    }

    /**
     * Connects a client that speaks HTTP/2, and waits until both sides have each other's settings.
     *
     * @param idValuePairs the client's settings: identifiers, each followed by its value
     * @return a conversation, which the server closes at its end when the test did not
     */
    public Http2Conversation connectHttp2(int... idValuePairs) {
        return connectHttp2Raw().handshake(idValuePairs);
    }

    private MemoryConnection open() {
        try {
            MemoryConnection connection = transport.connect(END_POINT);
            connections.add(connection);
            return connection;
        } catch (IOException e) {
            throw new AssertionError("The server does not accept connections", e);
        }
    }

    /**
     * The server's clock.
     *
     * @return a clock that stands still
     */
    public ManualTimeProvider time() {
        return time;
    }

    /**
     * What the server logs.
     *
     * @return the entries so far, and those that are expected
     */
    public LogRecorder log() {
        return log;
    }

    /**
     * Where the server's memory comes from.
     *
     * @return a pool that checks how it is used
     */
    public DiagnosticMemoryPool pool() {
        return pool;
    }

    /**
     * The server itself.
     *
     * @return a running server
     */
    public KestrelServer server() {
        return server;
    }

    /**
     * Asks the server to stop in good order, on a thread of its own, and returns once it has begun.
     *
     * @param deadline how long it may take on the server's clock
     * @return the thread; it ends when the server has stopped
     */
    public Thread beginStop(Duration deadline) {
        Thread thread = Thread.ofVirtual().name("stop").unstarted(() -> server.stop(deadline));
        thread.start();
        return thread;
    }

    /** Stops the server and checks what it left behind. Calling it again does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            connections.forEach(MemoryConnection::close);
            multiplexedConnections.forEach(MemoryMultiplexedConnection::close);
            server.close();
            List<String> unexpected = log.unexpected();
            if (!unexpected.isEmpty()) {
                throw new AssertionError(
                        "The server logged what the test did not expect:\n"
                                + String.join("\n", unexpected));
            }
            pool.close();
        } finally {
            log.close();
        }
    }

    /** Collects how a server is set up. */
    public static final class Builder {

        private Consumer<KestrelServerOptions.Builder> options = builder -> {};
        private Consumer<KestrelServerLimitsBuilder> limits = builder -> {};
        private Consumer<ListenOptions.Builder> endPoint = builder -> {};
        private boolean https;
        private String scheme = "https";
        private int bufferSize = MemoryTransport.DEFAULT_BUFFER_SIZE;

        private Builder() {}

        /**
         * Changes the server's options.
         *
         * @param change what to change
         * @return this
         */
        public Builder options(Consumer<KestrelServerOptions.Builder> change) {
            options = options.andThen(Objects.requireNonNull(change, "change"));
            return this;
        }

        /**
         * Changes the server's limits.
         *
         * @param change what to change
         * @return this
         */
        public Builder limits(Consumer<KestrelServerLimitsBuilder> change) {
            limits = limits.andThen(Objects.requireNonNull(change, "change"));
            return this;
        }

        /**
         * Changes the endpoint: its middleware, its protocols.
         *
         * @param change what to change
         * @return this
         */
        public Builder endPoint(Consumer<ListenOptions.Builder> change) {
            endPoint = endPoint.andThen(Objects.requireNonNull(change, "change"));
            return this;
        }

        /**
         * Speaks TLS with {@link TestCertificate}, to clients that speak HTTP/2 and those of {@link
         * TestServer#connectTls()}.
         *
         * @return this
         */
        public Builder https() {
            return https(options -> {});
        }

        /** For tests that know nothing of TLS: their requests say {@code http}. */
        private Builder httpsInDisguise() {
            scheme = "http";
            return https().options(target -> target.allowAlternateSchemes(true));
        }

        /**
         * Speaks TLS, as {@link #https()}, with options.
         *
         * @param change what to change; the certificate is set already
         * @return this
         */
        public Builder https(Consumer<HttpsOptionsBuilder> change) {
            https = true;
            HttpsOptionsBuilder builder =
                    HttpsOptions.builder().certificate(TestCertificate.server());
            change.accept(builder);
            HttpsOptions built = builder.build();
            return endPoint(target -> target.https(built));
        }

        /**
         * Sets how many bytes the transport holds in each direction before a writer waits.
         *
         * @param bytes 1 and up; by default {@link MemoryTransport#DEFAULT_BUFFER_SIZE}
         * @return this
         */
        public Builder transportBuffer(int bytes) {
            bufferSize = bytes;
            return this;
        }

        /**
         * Starts the server.
         *
         * @param handler the application
         * @return a running server
         */
        public TestServer start(HttpHandler handler) {
            return new TestServer(this, Objects.requireNonNull(handler, "handler"));
        }
    }
}
