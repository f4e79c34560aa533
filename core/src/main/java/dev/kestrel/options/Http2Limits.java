package dev.kestrel.options;

import java.time.Duration;

/**
 * How much a client may ask of the server over HTTP/2, beyond {@link KestrelServerLimits}.
 * Immutable; the defaults are the original's where it has them ({@code Http2Limits}).
 */
public final class Http2Limits {

    private static final Http2Limits DEFAULTS = new Http2LimitsBuilder().build();

    private final int maxStreamsPerConnection;
    private final int headerTableSize;
    private final int maxFrameSize;
    private final int maxRequestHeaderFieldSize;
    private final int initialConnectionWindowSize;
    private final int initialStreamWindowSize;
    private final Duration keepAlivePingDelay;
    private final Duration keepAlivePingTimeout;
    private final int maxEnhanceYourCalmCount;
    private final long maxStreamResets;
    private final long maxControlFrames;
    private final int maxQueuedReplies;
    private final int maxContinuationFrames;
    private final int maxLiveHeaderBytes;

    Http2Limits(Http2LimitsBuilder from) {
        maxStreamsPerConnection = from.maxStreamsPerConnection;
        headerTableSize = from.headerTableSize;
        maxFrameSize = from.maxFrameSize;
        maxRequestHeaderFieldSize = from.maxRequestHeaderFieldSize;
        initialConnectionWindowSize = from.initialConnectionWindowSize;
        initialStreamWindowSize = from.initialStreamWindowSize;
        keepAlivePingDelay = from.keepAlivePingDelay;
        keepAlivePingTimeout = from.keepAlivePingTimeout;
        maxEnhanceYourCalmCount = from.maxEnhanceYourCalmCount;
        maxStreamResets = from.maxStreamResets;
        maxControlFrames = from.maxControlFrames;
        maxQueuedReplies = from.maxQueuedReplies;
        maxContinuationFrames = from.maxContinuationFrames;
        maxLiveHeaderBytes = from.maxLiveHeaderBytes;
    }

    /**
     * The limits that hold when nothing is said.
     *
     * @return the defaults
     */
    public static Http2Limits defaults() {
        return DEFAULTS;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Http2LimitsBuilder builder() {
        return new Http2LimitsBuilder();
    }

    /**
     * How many streams of a connection may be open at a time; further ones are refused
     * (REFUSED_STREAM). Twice as many, and at least 100, may still run after the client has reset
     * them. Default: 100. The original's {@code MaxStreamsPerConnection}.
     *
     * @return the limit
     */
    public int maxStreamsPerConnection() {
        return maxStreamsPerConnection;
    }

    /**
     * The largest HPACK dynamic table for the fields of requests, in bytes. The one for responses
     * is as large at most, and never over 4096. With 0, field compression remembers nothing.
     * Default: 4096. The original's {@code HeaderTableSize}.
     *
     * @return the limit
     */
    public int headerTableSize() {
        return headerTableSize;
    }

    /**
     * The largest payload of a frame that the server takes, and the largest that it sends, in
     * bytes. Default: 16384. The original's {@code MaxFrameSize}.
     *
     * @return the limit
     */
    public int maxFrameSize() {
        return maxFrameSize;
    }

    /**
     * The longest name or value of a header field, coded or decoded, in bytes; longer ends the
     * connection with COMPRESSION_ERROR. Default: 32768. The original's {@code
     * MaxRequestHeaderFieldSize}.
     *
     * @return the limit
     */
    public int maxRequestHeaderFieldSize() {
        return maxRequestHeaderFieldSize;
    }

    /**
     * How many bytes of request bodies a connection may send ahead of what the application reads,
     * all streams together. Default: 1048576. The original's {@code InitialConnectionWindowSize}.
     *
     * @return the limit
     */
    public int initialConnectionWindowSize() {
        return initialConnectionWindowSize;
    }

    /**
     * How many bytes of a request body a stream may send ahead of what the application reads.
     * Default: 786432. The original's {@code InitialStreamWindowSize}.
     *
     * @return the limit
     */
    public int initialStreamWindowSize() {
        return initialStreamWindowSize;
    }

    /**
     * How long nothing may come from the client before the server sends a PING. Default: never. The
     * original's {@code KeepAlivePingDelay}.
     *
     * @return the limit
     */
    public Duration keepAlivePingDelay() {
        return keepAlivePingDelay;
    }

    /**
     * How long the client may take to answer such a PING, or to send anything else; longer ends the
     * connection. Default: 20 s. The original's {@code KeepAlivePingTimeout}.
     *
     * @return the limit
     */
    public Duration keepAlivePingTimeout() {
        return keepAlivePingTimeout;
    }

    /**
     * How many streams a second, over five seconds, may be refused with ENHANCE_YOUR_CALM because
     * too many still run; more end the connection. Answers rapid reset (CVE-2023-44487). Default:
     * 20. The original's {@code MaxEnhanceYourCalmCount}.
     *
     * @return the limit
     */
    public int maxEnhanceYourCalmCount() {
        return maxEnhanceYourCalmCount;
    }

    /**
     * How many streams may be reset in 30 seconds, by the client before they were answered or by
     * the server for what the client sent; more end the connection with ENHANCE_YOUR_CALM. Answers
     * CVE-2023-44487 and CVE-2025-8671. Default: 200.
     *
     * @return the limit
     */
    public long maxStreamResets() {
        return maxStreamResets;
    }

    /**
     * How many frames may come that bring nothing (SETTINGS, PING, PRIORITY, unknown types, empty
     * or tiny DATA, WINDOW_UPDATE beyond what was sent) before ones that do; as many again every 30
     * seconds. More end the connection with ENHANCE_YOUR_CALM. Answers CVE-2019-9511 to 9518.
     * Default: 1000.
     *
     * @return the limit
     */
    public long maxControlFrames() {
        return maxControlFrames;
    }

    /**
     * How many answers to frames (acknowledgements, resets) may wait for the client to read; more
     * end the connection with ENHANCE_YOUR_CALM. Default: 1000.
     *
     * @return the limit
     */
    public int maxQueuedReplies() {
        return maxQueuedReplies;
    }

    /**
     * How many CONTINUATION frames a header block may have; more end the connection with
     * ENHANCE_YOUR_CALM. Answers CVE-2024-27316 and CVE-2026-33871. Default: 32.
     *
     * @return the limit
     */
    public int maxContinuationFrames() {
        return maxContinuationFrames;
    }

    /**
     * How many bytes of request header fields, with 32 more for each, the unfinished streams of a
     * connection may hold together; a stream beyond it is refused (REFUSED_STREAM). Answers
     * CVE-2026-49975. Default: 1048576.
     *
     * @return the limit
     */
    public int maxLiveHeaderBytes() {
        return maxLiveHeaderBytes;
    }
}
