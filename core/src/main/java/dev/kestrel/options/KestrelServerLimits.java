package dev.kestrel.options;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How much a client may ask of the server. Immutable; the defaults are the original's where it has
 * them ({@code KestrelServerLimits}). A value out of range fails when it is set, with a message
 * that names it.
 */
public final class KestrelServerLimits {

    /** The value that switches a size or count limit off. */
    public static final long UNLIMITED = -1;

    /** The value that switches a timeout off. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final KestrelServerLimits DEFAULTS = new KestrelServerLimitsBuilder().build();

    private final int maxRequestLineSize;
    private final int maxRequestHeadersTotalSize;
    private final int maxRequestHeaderCount;
    private final long maxRequestBodySize;
    private final Duration keepAliveTimeout;
    private final Duration requestHeadersTimeout;
    private final Duration requestBodyDrainTimeout;
    private final Duration lingerTimeout;
    private final @Nullable MinDataRate minRequestBodyDataRate;
    private final @Nullable MinDataRate minResponseDataRate;
    private final long maxConcurrentConnections;
    private final long maxConcurrentUpgradedConnections;
    private final long maxRequestBufferSize;
    private final long maxResponseBufferSize;
    private final long maxRequestsPerConnection;
    private final int maxChunkExtensionSize;
    private final Http2Limits http2;
    private final Http3Limits http3;

    KestrelServerLimits(KestrelServerLimitsBuilder from) {
        maxRequestLineSize = from.maxRequestLineSize;
        maxRequestHeadersTotalSize = from.maxRequestHeadersTotalSize;
        maxRequestHeaderCount = from.maxRequestHeaderCount;
        maxRequestBodySize = from.maxRequestBodySize;
        keepAliveTimeout = from.keepAliveTimeout;
        requestHeadersTimeout = from.requestHeadersTimeout;
        requestBodyDrainTimeout = from.requestBodyDrainTimeout;
        lingerTimeout = from.lingerTimeout;
        minRequestBodyDataRate = from.minRequestBodyDataRate;
        minResponseDataRate = from.minResponseDataRate;
        maxConcurrentConnections = from.maxConcurrentConnections;
        maxConcurrentUpgradedConnections = from.maxConcurrentUpgradedConnections;
        maxRequestBufferSize = from.maxRequestBufferSize;
        maxResponseBufferSize = from.maxResponseBufferSize;
        maxRequestsPerConnection = from.maxRequestsPerConnection;
        maxChunkExtensionSize = from.maxChunkExtensionSize;
        http2 = from.http2;
        http3 = from.http3;
    }

    /**
     * The limits that hold when nothing is said.
     *
     * @return the defaults
     */
    public static KestrelServerLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static KestrelServerLimitsBuilder builder() {
        return new KestrelServerLimitsBuilder();
    }

    /**
     * The longest request line in bytes; longer gives 414. Default: 8192. The original's {@code
     * MaxRequestLineSize}.
     *
     * @return the limit
     */
    public int maxRequestLineSize() {
        return maxRequestLineSize;
    }

    /**
     * The bytes that all header fields of a request may have together; more gives 431. Default:
     * 32768. The original's {@code MaxRequestHeadersTotalSize}.
     *
     * @return the limit
     */
    public int maxRequestHeadersTotalSize() {
        return maxRequestHeadersTotalSize;
    }

    /**
     * How many header fields a request may have; more gives 431. Default: 100. The original's
     * {@code MaxRequestHeaderCount}.
     *
     * @return the limit
     */
    public int maxRequestHeaderCount() {
        return maxRequestHeaderCount;
    }

    /**
     * The largest request body in bytes; more gives 413. Default: 30000000. The original's {@code
     * MaxRequestBodySize}.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxRequestBodySize() {
        return maxRequestBodySize;
    }

    /**
     * How long a connection may be idle between requests. Default: 130 s. The original's {@code
     * KeepAliveTimeout}.
     *
     * @return a time above zero, or {@link #FOREVER}
     */
    public Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /**
     * How long a client may take for the head of a request, and for trailers; longer gives 408.
     * Default: 30 s. The original's {@code RequestHeadersTimeout}.
     *
     * @return a time above zero, or {@link #FOREVER}
     */
    public Duration requestHeadersTimeout() {
        return requestHeadersTimeout;
    }

    /**
     * How long the server reads on in a body that the application left unread, before it closes the
     * connection. Default: 5 s. The original has a constant.
     *
     * @return a time above zero, or {@link #FOREVER}
     */
    public Duration requestBodyDrainTimeout() {
        return requestBodyDrainTimeout;
    }

    /**
     * How long a closing connection waits for the client to take the last response while bytes are
     * still coming in. Default: 2 s.
     *
     * @return a time above zero, or {@link #FOREVER}
     */
    public Duration lingerTimeout() {
        return lingerTimeout;
    }

    /**
     * How fast a request body must come; slower gives 408. Default: 240 bytes a second after 5 s of
     * grace. The original's {@code MinRequestBodyDataRate}.
     *
     * @return the rate, or {@code null} when there is none
     */
    public @Nullable MinDataRate minRequestBodyDataRate() {
        return minRequestBodyDataRate;
    }

    /**
     * How fast a response must be taken; slower ends the connection. Default: 240 bytes a second
     * after 5 s of grace. The original's {@code MinResponseDataRate}.
     *
     * @return the rate, or {@code null} when there is none
     */
    public @Nullable MinDataRate minResponseDataRate() {
        return minResponseDataRate;
    }

    /**
     * How many connections may be open; further ones are closed at once. Default: unlimited. The
     * original's {@code MaxConcurrentConnections}.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxConcurrentConnections() {
        return maxConcurrentConnections;
    }

    /**
     * How many upgraded connections (WebSockets) may be open. Default: unlimited. The original's
     * {@code MaxConcurrentUpgradedConnections}.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxConcurrentUpgradedConnections() {
        return maxConcurrentUpgradedConnections;
    }

    /**
     * How many bytes a transport may hold that the server has not read yet. Default: 1048576. The
     * original's {@code MaxRequestBufferSize}.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxRequestBufferSize() {
        return maxRequestBufferSize;
    }

    /**
     * How many bytes of a response may wait before writing blocks. Default: 65536. The original's
     * {@code MaxResponseBufferSize}.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxResponseBufferSize() {
        return maxResponseBufferSize;
    }

    /**
     * How many requests a connection may bring; the last one is answered with a close. Default:
     * unlimited.
     *
     * @return a number, or {@link #UNLIMITED}
     */
    public long maxRequestsPerConnection() {
        return maxRequestsPerConnection;
    }

    /**
     * How many bytes of chunk extensions a request body may have altogether; more gives 400.
     * Default: 4096.
     *
     * @return the limit
     */
    public int maxChunkExtensionSize() {
        return maxChunkExtensionSize;
    }

    /**
     * What holds for HTTP/2 alone. The original's {@code Http2}.
     *
     * @return the limits of HTTP/2
     */
    public Http2Limits http2() {
        return http2;
    }

    /**
     * What holds for HTTP/3 alone. The original's {@code Http3}.
     *
     * @return the limits of HTTP/3
     */
    public Http3Limits http3() {
        return http3;
    }
}
