package dev.kestrel.options;

/**
 * How much a client may ask of the server over HTTP/3, beyond {@link KestrelServerLimits}.
 * Immutable; the defaults are the original's where it has them ({@code Http3Limits}).
 */
public final class Http3Limits {

    private static final Http3Limits DEFAULTS = new Http3LimitsBuilder().build();

    private final int maxStreamsPerConnection;
    private final int headerTableSize;
    private final int maxBlockedStreams;
    private final int maxRequestHeaderFieldSize;
    private final int initialConnectionWindowSize;
    private final int initialStreamWindowSize;
    private final long maxStreamResets;
    private final long maxControlFrames;
    private final int maxLiveHeaderBytes;

    Http3Limits(Http3LimitsBuilder from) {
        maxStreamsPerConnection = from.maxStreamsPerConnection;
        headerTableSize = from.headerTableSize;
        maxBlockedStreams = from.maxBlockedStreams;
        maxRequestHeaderFieldSize = from.maxRequestHeaderFieldSize;
        initialConnectionWindowSize = from.initialConnectionWindowSize;
        initialStreamWindowSize = from.initialStreamWindowSize;
        maxStreamResets = from.maxStreamResets;
        maxControlFrames = from.maxControlFrames;
        maxLiveHeaderBytes = from.maxLiveHeaderBytes;
    }

    /**
     * The limits that hold when nothing is said.
     *
     * @return the defaults
     */
    public static Http3Limits defaults() {
        return DEFAULTS;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Http3LimitsBuilder builder() {
        return new Http3LimitsBuilder();
    }

    /**
     * How many requests of a connection may be under way at a time; the client is told so by QUIC
     * and can not open more. Default: 100. The original's {@code MaxBidirectionalStreamCount} of
     * its transport.
     *
     * @return the limit
     */
    public int maxStreamsPerConnection() {
        return maxStreamsPerConnection;
    }

    /**
     * The largest QPACK dynamic table for the fields of requests, in bytes. The one for responses
     * is as large at most. With 0, field compression remembers nothing. Default: 4096; the original
     * has none.
     *
     * @return the limit
     */
    public int headerTableSize() {
        return headerTableSize;
    }

    /**
     * How many requests may wait for entries of the dynamic table that have not come yet (RFC 9204
     * section 2.1.2). Default: 16.
     *
     * @return the limit
     */
    public int maxBlockedStreams() {
        return maxBlockedStreams;
    }

    /**
     * The longest name or value of a header field, coded or decoded, in bytes. Default: 32768. The
     * original's {@code MaxRequestHeaderFieldSize}.
     *
     * @return the limit
     */
    public int maxRequestHeaderFieldSize() {
        return maxRequestHeaderFieldSize;
    }

    /**
     * How many bytes a connection may send ahead of what the application reads, all requests
     * together. Default: 1048576.
     *
     * @return the limit
     */
    public int initialConnectionWindowSize() {
        return initialConnectionWindowSize;
    }

    /**
     * How many bytes of a request may come ahead of what the application reads. Default: 786432.
     *
     * @return the limit
     */
    public int initialStreamWindowSize() {
        return initialStreamWindowSize;
    }

    /**
     * How many streams may be reset in 30 seconds, by the client before they were answered or by
     * the server for what the client sent; more end the connection with H3_EXCESSIVE_LOAD. Answers
     * CVE-2023-44487 and CVE-2025-8671. Default: 200.
     *
     * @return the limit
     */
    public long maxStreamResets() {
        return maxStreamResets;
    }

    /**
     * How many frames may come that bring nothing (unknown types, empty or tiny DATA,
     * PRIORITY_UPDATE) before ones that do; as many again every 30 seconds. More end the connection
     * with H3_EXCESSIVE_LOAD. Default: 1000.
     *
     * @return the limit
     */
    public long maxControlFrames() {
        return maxControlFrames;
    }

    /**
     * The most bytes of header fields that all unfinished requests of a connection may hold
     * together, with 32 more for each field; one more is reset with H3_REQUEST_REJECTED. Answers
     * CVE-2026-49975. Default: 1048576.
     *
     * @return the limit
     */
    public int maxLiveHeaderBytes() {
        return maxLiveHeaderBytes;
    }
}
