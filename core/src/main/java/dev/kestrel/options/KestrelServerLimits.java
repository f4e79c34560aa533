package dev.kestrel.options;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

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

    private static final MinDataRate DEFAULT_RATE = new MinDataRate(240, Duration.ofSeconds(5));
    private static final KestrelServerLimits DEFAULTS = new Builder().build();

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

    private KestrelServerLimits(Builder from) {
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
    public static Builder builder() {
        return new Builder();
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
     * @return the limit
     */
    public long maxRequestBodySize() {
        return maxRequestBodySize;
    }

    /**
     * How long a connection may be idle between requests. Default: 130 s. The original's {@code
     * KeepAliveTimeout}.
     *
     * @return the limit
     */
    public Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /**
     * How long a client may take for the head of a request, and for trailers; longer gives 408.
     * Default: 30 s. The original's {@code RequestHeadersTimeout}.
     *
     * @return the limit
     */
    public Duration requestHeadersTimeout() {
        return requestHeadersTimeout;
    }

    /**
     * How long the server reads on in a body that the application left unread, before it closes the
     * connection. Default: 5 s. The original has a constant.
     *
     * @return the limit
     */
    public Duration requestBodyDrainTimeout() {
        return requestBodyDrainTimeout;
    }

    /**
     * How long a closing connection waits for the client to take the last response while bytes are
     * still coming in. Default: 2 s.
     *
     * @return the limit
     */
    public Duration lingerTimeout() {
        return lingerTimeout;
    }

    /**
     * How fast a request body must come; slower gives 408. Default: 240 bytes a second after 5 s of
     * grace. The original's {@code MinRequestBodyDataRate}.
     *
     * @return the limit
     */
    public @Nullable MinDataRate minRequestBodyDataRate() {
        return minRequestBodyDataRate;
    }

    /**
     * How fast a response must be taken; slower ends the connection. Default: 240 bytes a second
     * after 5 s of grace. The original's {@code MinResponseDataRate}.
     *
     * @return the limit
     */
    public @Nullable MinDataRate minResponseDataRate() {
        return minResponseDataRate;
    }

    /**
     * How many connections may be open; further ones are closed at once. Default: unlimited. The
     * original's {@code MaxConcurrentConnections}.
     *
     * @return the limit
     */
    public long maxConcurrentConnections() {
        return maxConcurrentConnections;
    }

    /**
     * How many upgraded connections (WebSockets) may be open. Default: unlimited. The original's
     * {@code MaxConcurrentUpgradedConnections}.
     *
     * @return the limit
     */
    public long maxConcurrentUpgradedConnections() {
        return maxConcurrentUpgradedConnections;
    }

    /**
     * How many bytes a transport may hold that the server has not read yet. Default: 1048576. The
     * original's {@code MaxRequestBufferSize}.
     *
     * @return the limit
     */
    public long maxRequestBufferSize() {
        return maxRequestBufferSize;
    }

    /**
     * How many bytes of a response may wait before writing blocks. Default: 65536. The original's
     * {@code MaxResponseBufferSize}.
     *
     * @return the limit
     */
    public long maxResponseBufferSize() {
        return maxResponseBufferSize;
    }

    /**
     * How many requests a connection may bring; the last one is answered with a close. Default:
     * unlimited.
     *
     * @return the limit
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

    /** Collects limits. Not safe for several threads at once. */
    public static final class Builder {

        private int maxRequestLineSize = 8192;
        private int maxRequestHeadersTotalSize = 32768;
        private int maxRequestHeaderCount = 100;
        private long maxRequestBodySize = 30_000_000L;
        private Duration keepAliveTimeout = Duration.ofSeconds(130);
        private Duration requestHeadersTimeout = Duration.ofSeconds(30);
        private Duration requestBodyDrainTimeout = Duration.ofSeconds(5);
        private Duration lingerTimeout = Duration.ofSeconds(2);
        private @Nullable MinDataRate minRequestBodyDataRate = DEFAULT_RATE;
        private @Nullable MinDataRate minResponseDataRate = DEFAULT_RATE;
        private long maxConcurrentConnections = UNLIMITED;
        private long maxConcurrentUpgradedConnections = UNLIMITED;
        private long maxRequestBufferSize = 1_048_576L;
        private long maxResponseBufferSize = 65_536L;
        private long maxRequestsPerConnection = UNLIMITED;
        private int maxChunkExtensionSize = 4096;

        private Builder() {}

        /**
         * Sets the longest request line in bytes. Default: 8192.
         *
         * @param value 1 and up
         * @return this
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder maxRequestLineSize(int value) {
            atLeast("maxRequestLineSize", value, 1);
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
        public Builder maxRequestHeadersTotalSize(int value) {
            atLeast("maxRequestHeadersTotalSize", value, 1);
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
        public Builder maxRequestHeaderCount(int value) {
            atLeast("maxRequestHeaderCount", value, 1);
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
        public Builder maxRequestBodySize(long value) {
            atLeastOrUnlimited("maxRequestBodySize", value, 0);
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
        public Builder keepAliveTimeout(Duration value) {
            aboveZero("keepAliveTimeout", value);
            keepAliveTimeout = value;
            return this;
        }

        /**
         * Sets how long a client may take for the head of a request, and for trailers. Default: 30
         * s.
         *
         * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
         * @return this
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder requestHeadersTimeout(Duration value) {
            aboveZero("requestHeadersTimeout", value);
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
        public Builder requestBodyDrainTimeout(Duration value) {
            aboveZero("requestBodyDrainTimeout", value);
            requestBodyDrainTimeout = value;
            return this;
        }

        /**
         * Sets how long a closing connection waits for the client to take the last response while
         * bytes are still coming in. Default: 2 s.
         *
         * @param value above zero; {@link KestrelServerLimits#FOREVER} switches the timeout off
         * @return this
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder lingerTimeout(Duration value) {
            aboveZero("lingerTimeout", value);
            lingerTimeout = value;
            return this;
        }

        /**
         * Sets how fast a request body must come. Default: 240 bytes a second after 5 s of grace.
         *
         * @param value {@code null} switches the check off
         * @return this
         */
        public Builder minRequestBodyDataRate(@Nullable MinDataRate value) {
            minRequestBodyDataRate = value;
            return this;
        }

        /**
         * Sets how fast a response must be taken. Default: 240 bytes a second after 5 s of grace.
         *
         * @param value {@code null} switches the check off
         * @return this
         */
        public Builder minResponseDataRate(@Nullable MinDataRate value) {
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
        public Builder maxConcurrentConnections(long value) {
            atLeastOrUnlimited("maxConcurrentConnections", value, 1);
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
        public Builder maxConcurrentUpgradedConnections(long value) {
            atLeastOrUnlimited("maxConcurrentUpgradedConnections", value, 0);
            maxConcurrentUpgradedConnections = value;
            return this;
        }

        /**
         * Sets how many bytes a transport may hold that the server has not read yet. Default:
         * 1048576.
         *
         * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
         * @return this
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder maxRequestBufferSize(long value) {
            atLeastOrUnlimited("maxRequestBufferSize", value, 1);
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
        public Builder maxResponseBufferSize(long value) {
            atLeastOrUnlimited("maxResponseBufferSize", value, 0);
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
        public Builder maxRequestsPerConnection(long value) {
            atLeastOrUnlimited("maxRequestsPerConnection", value, 1);
            maxRequestsPerConnection = value;
            return this;
        }

        /**
         * Sets how many bytes of chunk extensions a request body may have altogether. Default:
         * 4096.
         *
         * @param value 0 and up
         * @return this
         * @throws IllegalArgumentException when it is out of range
         */
        public Builder maxChunkExtensionSize(int value) {
            atLeast("maxChunkExtensionSize", value, 0);
            maxChunkExtensionSize = value;
            return this;
        }

        /**
         * Makes the limits.
         *
         * @return an immutable object
         * @throws IllegalArgumentException when two limits contradict each other
         */
        public KestrelServerLimits build() {
            if (maxRequestBufferSize != UNLIMITED && maxRequestBufferSize < maxRequestLineSize) {
                throw new IllegalArgumentException(
                        "limits.maxRequestBufferSize ("
                                + maxRequestBufferSize
                                + ") must be at least limits.maxRequestLineSize ("
                                + maxRequestLineSize
                                + ")");
            }
            if (maxRequestBufferSize != UNLIMITED
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

        private static void atLeast(String key, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "limits." + key + " must be at least " + least + ", not " + value);
            }
        }

        private static void atLeastOrUnlimited(String key, long value, long least) {
            if (value < least && value != UNLIMITED) {
                throw new IllegalArgumentException(
                        "limits."
                                + key
                                + " must be at least "
                                + least
                                + ", or -1 for no limit, not "
                                + value);
            }
        }

        private static void aboveZero(String key, Duration value) {
            Objects.requireNonNull(value, key);
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(
                        "limits."
                                + key
                                + " must be longer than zero, not "
                                + value
                                + "; FOREVER switches it off");
            }
        }
    }
}
