package dev.kestrel.options;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/** Collects {@link KestrelServerLimits}. Not safe for several threads at once. */
public final class KestrelServerLimitsBuilder {

    private static final Ranges RANGES = new Ranges("limits.");
    private static final MinDataRate DEFAULT_RATE = new MinDataRate(240, Duration.ofSeconds(5));

    int maxRequestLineSize = 8192;
    int maxRequestHeadersTotalSize = 32768;
    int maxRequestHeaderCount = 100;
    long maxRequestBodySize = 30_000_000L;
    Duration keepAliveTimeout = Duration.ofSeconds(130);
    Duration requestHeadersTimeout = Duration.ofSeconds(30);
    Duration requestBodyDrainTimeout = Duration.ofSeconds(5);
    Duration lingerTimeout = Duration.ofSeconds(2);
    @Nullable MinDataRate minRequestBodyDataRate = DEFAULT_RATE;
    @Nullable MinDataRate minResponseDataRate = DEFAULT_RATE;
    long maxConcurrentConnections = KestrelServerLimits.UNLIMITED;
    long maxConcurrentUpgradedConnections = KestrelServerLimits.UNLIMITED;
    long maxRequestBufferSize = 1_048_576L;
    long maxResponseBufferSize = 65_536L;
    long maxRequestsPerConnection = KestrelServerLimits.UNLIMITED;
    int maxChunkExtensionSize = 4096;
    Http2Limits http2 = Http2Limits.defaults();
    Http3Limits http3 = Http3Limits.defaults();

    KestrelServerLimitsBuilder() {}

    /**
     * Sets the longest request line in bytes. Default: 8192.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestLineSize(int value) {
        RANGES.atLeast("maxRequestLineSize", value, 1);
        maxRequestLineSize = value;
        return this;
    }

    /**
     * Sets the bytes that all header fields of a request may have together. Default: 32768.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestHeadersTotalSize(int value) {
        RANGES.atLeast("maxRequestHeadersTotalSize", value, 1);
        maxRequestHeadersTotalSize = value;
        return this;
    }

    /**
     * Sets how many header fields a request may have. Default: 100.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestHeaderCount(int value) {
        RANGES.atLeast("maxRequestHeaderCount", value, 1);
        maxRequestHeaderCount = value;
        return this;
    }

    /**
     * Sets the largest request body in bytes. Default: 30000000.
     *
     * @param value 0 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestBodySize(long value) {
        RANGES.atLeastOrUnlimited("maxRequestBodySize", value, 0);
        maxRequestBodySize = value;
        return this;
    }

    /**
     * Sets how long a connection may be idle between requests. Default: 130 s.
     *
     * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder keepAliveTimeout(Duration value) {
        RANGES.longerThanZeroOrForever("keepAliveTimeout", value);
        keepAliveTimeout = value;
        return this;
    }

    /**
     * Sets how long a client may take for the head of a request, and for trailers. Default: 30 s.
     *
     * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder requestHeadersTimeout(Duration value) {
        RANGES.longerThanZeroOrForever("requestHeadersTimeout", value);
        requestHeadersTimeout = value;
        return this;
    }

    /**
     * Sets how long the server reads on in a body that the application left unread, before it
     * closes the connection. Default: 5 s.
     *
     * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder requestBodyDrainTimeout(Duration value) {
        RANGES.longerThanZeroOrForever("requestBodyDrainTimeout", value);
        requestBodyDrainTimeout = value;
        return this;
    }

    /**
     * Sets how long a closing connection waits for the client to take the last response while bytes
     * are still coming in. Default: 2 s.
     *
     * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder lingerTimeout(Duration value) {
        RANGES.longerThanZeroOrForever("lingerTimeout", value);
        lingerTimeout = value;
        return this;
    }

    /**
     * Sets how fast a request body must come. Default: 240 bytes a second after 5 s of grace.
     *
     * @param value {@code null} switches the check off
     * @return this
     */
    public KestrelServerLimitsBuilder minRequestBodyDataRate(@Nullable MinDataRate value) {
        minRequestBodyDataRate = value;
        return this;
    }

    /**
     * Sets how fast a response must be taken. Default: 240 bytes a second after 5 s of grace.
     *
     * @param value {@code null} switches the check off
     * @return this
     */
    public KestrelServerLimitsBuilder minResponseDataRate(@Nullable MinDataRate value) {
        minResponseDataRate = value;
        return this;
    }

    /**
     * Sets how many connections may be open. Default: unlimited.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxConcurrentConnections(long value) {
        RANGES.atLeastOrUnlimited("maxConcurrentConnections", value, 1);
        maxConcurrentConnections = value;
        return this;
    }

    /**
     * Sets how many upgraded connections (WebSockets) may be open. Default: unlimited.
     *
     * @param value 0 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxConcurrentUpgradedConnections(long value) {
        RANGES.atLeastOrUnlimited("maxConcurrentUpgradedConnections", value, 0);
        maxConcurrentUpgradedConnections = value;
        return this;
    }

    /**
     * Sets how many bytes a transport may hold that the server has not read yet. Default: 1048576.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestBufferSize(long value) {
        RANGES.atLeastOrUnlimited("maxRequestBufferSize", value, 1);
        maxRequestBufferSize = value;
        return this;
    }

    /**
     * Sets how many bytes of a response may wait before writing blocks. Default: 65536.
     *
     * @param value 0 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxResponseBufferSize(long value) {
        RANGES.atLeastOrUnlimited("maxResponseBufferSize", value, 0);
        maxResponseBufferSize = value;
        return this;
    }

    /**
     * Sets how many requests a connection may bring. Default: unlimited.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxRequestsPerConnection(long value) {
        RANGES.atLeastOrUnlimited("maxRequestsPerConnection", value, 1);
        maxRequestsPerConnection = value;
        return this;
    }

    /**
     * Sets how many bytes of chunk extensions a request body may have altogether. Default: 4096.
     *
     * @param value 0 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public KestrelServerLimitsBuilder maxChunkExtensionSize(int value) {
        RANGES.atLeast("maxChunkExtensionSize", value, 0);
        maxChunkExtensionSize = value;
        return this;
    }

    /**
     * Sets what holds for HTTP/2 alone.
     *
     * @param value the limits of HTTP/2
     * @return this
     */
    public KestrelServerLimitsBuilder http2(Http2Limits value) {
        http2 = Objects.requireNonNull(value, "http2");
        return this;
    }

    /**
     * Sets what holds for HTTP/3 alone.
     *
     * @param value the limits of HTTP/3
     * @return this
     */
    public KestrelServerLimitsBuilder http3(Http3Limits value) {
        http3 = Objects.requireNonNull(value, "http3");
        return this;
    }

    /**
     * Makes the limits.
     *
     * @return an immutable object
     * @throws IllegalArgumentException when two limits contradict each other
     */
    public KestrelServerLimits build() {
        if (maxRequestBufferSize != KestrelServerLimits.UNLIMITED
                && maxRequestBufferSize < maxRequestLineSize) {
            throw new IllegalArgumentException(
                    "limits.maxRequestBufferSize ("
                            + maxRequestBufferSize
                            + ") must be at least limits.maxRequestLineSize ("
                            + maxRequestLineSize
                            + ")");
        }
        if (maxRequestBufferSize != KestrelServerLimits.UNLIMITED
                && maxRequestBufferSize < maxRequestHeadersTotalSize) {
            throw new IllegalArgumentException(
                    "limits.maxRequestBufferSize ("
                            + maxRequestBufferSize
                            + ") must be at least limits.maxRequestHeadersTotalSize ("
                            + maxRequestHeadersTotalSize
                            + ")");
        }
        return new KestrelServerLimits(this);
    }
}
