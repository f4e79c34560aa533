package dev.kestrel.options;

import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionMiddleware;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One endpoint: where it listens, what it speaks and what its connections run through. Immutable
 * (the original's {@code ListenOptions}).
 */
public final class ListenOptions {

    private final SocketAddress endPoint;
    private final Set<HttpVersion> protocols;
    private final List<ConnectionMiddleware> middleware;
    private final @Nullable ConnectionDelegate connectionHandler;
    private final @Nullable ProxyProtocolOptions proxyProtocol;
    private final @Nullable HttpsOptions https;
    private final int httpsPosition;
    private final List<MultiplexedConnectionMiddleware> multiplexedMiddleware;
    private final boolean disableAltSvcHeader;

    private ListenOptions(Builder from) {
        endPoint = from.endPoint;
        protocols = Set.copyOf(from.protocols);
        middleware = List.copyOf(from.middleware);
        connectionHandler = from.connectionHandler;
        proxyProtocol = from.proxyProtocol;
        https = from.https;
        httpsPosition = from.httpsPosition;
        multiplexedMiddleware = List.copyOf(from.multiplexedMiddleware);
        disableAltSvcHeader = from.disableAltSvcHeader;
    }

    /**
     * Starts with an endpoint and the defaults.
     *
     * @param endPoint an {@link java.net.InetSocketAddress}, a {@link
     *     java.net.UnixDomainSocketAddress}, a {@link LocalhostEndPoint}, an {@link AnyIpEndPoint},
     *     or whatever a registered transport can bind
     * @return a builder
     */
    public static Builder builder(SocketAddress endPoint) {
        return new Builder(endPoint);
    }

    /**
     * Where it listens.
     *
     * @return the address as it was configured
     */
    public SocketAddress endPoint() {
        return endPoint;
    }

    /**
     * What it speaks, when it has no {@link #connectionHandler()}.
     *
     * @return at least one version
     */
    public Set<HttpVersion> protocols() {
        return protocols;
    }

    /**
     * What its connections run through before HTTP, outermost first.
     *
     * @return the steps
     */
    public List<ConnectionMiddleware> middleware() {
        return middleware;
    }

    /**
     * What serves its connections instead of HTTP.
     *
     * @return the handler, or {@code null} when the endpoint speaks HTTP
     */
    public @Nullable ConnectionDelegate connectionHandler() {
        return connectionHandler;
    }

    /**
     * Whether connections begin with the header of the PROXY protocol.
     *
     * @return from whom it is believed and what else holds, or {@code null} when the endpoint does
     *     not speak it
     */
    public @Nullable ProxyProtocolOptions proxyProtocol() {
        return proxyProtocol;
    }

    /**
     * How it speaks TLS.
     *
     * @return the options, or {@code null} when it speaks clear text
     */
    public @Nullable HttpsOptions https() {
        return https;
    }

    /**
     * How many steps of {@link #middleware()} see what is encrypted; those behind see clear text.
     *
     * @return a number from 0; of no meaning without {@link #https()}
     */
    public int httpsPosition() {
        return httpsPosition;
    }

    /**
     * What connections of HTTP/3 run through before HTTP, outermost first.
     *
     * @return the steps
     */
    public List<MultiplexedConnectionMiddleware> multiplexedMiddleware() {
        return multiplexedMiddleware;
    }

    /**
     * Whether responses over HTTP/1.1 and HTTP/2 do not say that HTTP/3 is served, too.
     *
     * @return false when they do
     */
    public boolean disableAltSvcHeader() {
        return disableAltSvcHeader;
    }

    @Override
    public String toString() {
        return endPoint.toString();
    }

    /** Collects the options of an endpoint. Not safe for several threads at once. */
    public static final class Builder {

        private final SocketAddress endPoint;
        private EnumSet<HttpVersion> protocols =
                EnumSet.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
        private final List<ConnectionMiddleware> middleware = new ArrayList<>();
        private @Nullable ConnectionDelegate connectionHandler;
        private @Nullable ProxyProtocolOptions proxyProtocol;
        private @Nullable HttpsOptions https;
        private int httpsPosition;
        private final List<MultiplexedConnectionMiddleware> multiplexedMiddleware =
                new ArrayList<>();
        private boolean disableAltSvcHeader;

        private Builder(SocketAddress endPoint) {
            this.endPoint = Objects.requireNonNull(endPoint, "endPoint");
        }

        /**
         * Sets what the endpoint speaks. Default: HTTP/1.1 and HTTP/2, the original's {@code
         * Http1AndHttp2}.
         *
         * <p>Without TLS both share a port: a client that knows that the server speaks HTTP/2
         * begins with the preface of RFC 9113 section 3.4 (prior knowledge), and any other is taken
         * to speak HTTP/1.1. {@code Upgrade: h2c} is ignored. An endpoint that speaks HTTP/1.1
         * alone answers the preface with GOAWAY (HTTP_1_1_REQUIRED). With TLS they agree by ALPN
         * (RFC 7301); a client that does not take part speaks HTTP/1.1.
         *
         * <p>HTTP/3 has to be asked for, as in the original, and needs {@link #https}, TLS 1.3 and
         * a transport for it ({@code kestrel-quic}). It is served on the same address and port
         * number over UDP. Where there is no such transport the server says so when it starts, and
         * serves the other versions.
         *
         * @param first a version
         * @param more further versions
         * @return this
         */
        public Builder protocols(HttpVersion first, HttpVersion... more) {
            protocols = EnumSet.of(first, more);
            return this;
        }

        /**
         * Adds a step that every connection of this endpoint runs through, inside those added
         * before.
         *
         * @param step the middleware
         * @return this
         */
        public Builder use(ConnectionMiddleware step) {
            middleware.add(Objects.requireNonNull(step, "step"));
            return this;
        }

        /**
         * Adds a step that every connection of HTTP/3 runs through, inside those added before.
         * Steps of {@link #use} do not see such connections.
         *
         * @param step the middleware
         * @return this
         */
        public Builder useMultiplexed(MultiplexedConnectionMiddleware step) {
            multiplexedMiddleware.add(Objects.requireNonNull(step, "step"));
            return this;
        }

        /**
         * Sets whether responses over HTTP/1.1 and HTTP/2 keep quiet about HTTP/3. Default: false;
         * where HTTP/3 is served they say so with {@code Alt-Svc} (RFC 7838), unless the
         * application has set that field. The original's {@code DisableAltSvcHeader}.
         *
         * @param value true to say nothing
         * @return this
         */
        public Builder disableAltSvcHeader(boolean value) {
            disableAltSvcHeader = value;
            return this;
        }

        /**
         * Serves the connections with something that is not HTTP (the original's {@code
         * UseConnectionHandler}).
         *
         * @param handler what runs behind the middleware
         * @return this
         */
        public Builder connectionHandler(ConnectionDelegate handler) {
            connectionHandler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Takes the header of the PROXY protocol, versions 1 and 2, off each connection before all
         * middleware. Default: the endpoint does not speak it.
         *
         * @param options from whom it is believed and what else holds
         * @return this
         */
        public Builder proxyProtocol(ProxyProtocolOptions options) {
            proxyProtocol = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Speaks TLS (the original's {@code UseHttps}). Middleware that was added before sees what
         * is encrypted, middleware that is added later clear text. Default: clear text.
         *
         * @param options the certificate and what else holds
         * @return this
         */
        public Builder https(HttpsOptions options) {
            https = Objects.requireNonNull(options, "options");
            httpsPosition = middleware.size();
            return this;
        }

        /**
         * Speaks TLS with a certificate and the defaults of {@link HttpsOptions}.
         *
         * @param certificate the certificate
         * @return this
         */
        public Builder https(ServerCertificate certificate) {
            return https(HttpsOptions.of(certificate));
        }

        /**
         * Makes the options.
         *
         * @return an immutable object
         */
        public ListenOptions build() {
            return new ListenOptions(this);
        }
    }
}
