package dev.kestrel.options;

import java.time.Duration;

/** Collects {@link Http2Limits}. Not safe for several threads at once. */
public final class Http2LimitsBuilder {

    private static final Ranges RANGES = new Ranges("limits.http2.");

    int maxStreamsPerConnection = 100;
    int headerTableSize = 4096;
    int maxFrameSize = 16384;
    int maxRequestHeaderFieldSize = 32768;
    int initialConnectionWindowSize = 1024 * 1024;
    int initialStreamWindowSize = 768 * 1024;
    Duration keepAlivePingDelay = KestrelServerLimits.FOREVER;
    Duration keepAlivePingTimeout = Duration.ofSeconds(20);
    int maxEnhanceYourCalmCount = 20;
    long maxStreamResets = 200;
    long maxControlFrames = 1000;
    int maxQueuedReplies = 1000;
    int maxContinuationFrames = 32;
    int maxLiveHeaderBytes = 1024 * 1024;

    Http2LimitsBuilder() {}

    /**
     * Sets {@link Http2Limits#maxStreamsPerConnection()}. Default: 100.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxStreamsPerConnection(int value) {
        RANGES.atLeast("maxStreamsPerConnection", value, 1);
        maxStreamsPerConnection = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#headerTableSize()}. Default: 4096.
     *
     * @param value 0 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder headerTableSize(int value) {
        RANGES.atLeast("headerTableSize", value, 0);
        headerTableSize = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxFrameSize()}. Default: 16384.
     *
     * @param value 16384 to 16777215
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxFrameSize(int value) {
        RANGES.between("maxFrameSize", value, 16384, 16777215);
        maxFrameSize = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxRequestHeaderFieldSize()}. Default: 32768.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxRequestHeaderFieldSize(int value) {
        RANGES.atLeast("maxRequestHeaderFieldSize", value, 1);
        maxRequestHeaderFieldSize = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#initialConnectionWindowSize()}. Default: 1048576.
     *
     * @param value 65535 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder initialConnectionWindowSize(int value) {
        RANGES.atLeast("initialConnectionWindowSize", value, 65535);
        initialConnectionWindowSize = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#initialStreamWindowSize()}. Default: 786432.
     *
     * @param value 65535 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder initialStreamWindowSize(int value) {
        RANGES.atLeast("initialStreamWindowSize", value, 65535);
        initialStreamWindowSize = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#keepAlivePingDelay()}. Default: never.
     *
     * @param value one second and up; {@link KestrelServerLimits#FOREVER} sends none
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder keepAlivePingDelay(Duration value) {
        RANGES.atLeastASecondOrForever("keepAlivePingDelay", value);
        keepAlivePingDelay = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#keepAlivePingTimeout()}. Default: 20 s.
     *
     * @param value one second and up; {@link KestrelServerLimits#FOREVER} waits for ever
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder keepAlivePingTimeout(Duration value) {
        RANGES.atLeastASecondOrForever("keepAlivePingTimeout", value);
        keepAlivePingTimeout = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxEnhanceYourCalmCount()}. Default: 20.
     *
     * @param value 0 and up; 0 is no limit
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxEnhanceYourCalmCount(int value) {
        RANGES.atLeast("maxEnhanceYourCalmCount", value, 0);
        maxEnhanceYourCalmCount = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxStreamResets()}. Default: 200.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxStreamResets(long value) {
        RANGES.atLeastOrUnlimited("maxStreamResets", value, 1);
        maxStreamResets = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxControlFrames()}. Default: 1000.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxControlFrames(long value) {
        RANGES.atLeastOrUnlimited("maxControlFrames", value, 1);
        maxControlFrames = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxQueuedReplies()}. Default: 1000.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxQueuedReplies(int value) {
        RANGES.atLeast("maxQueuedReplies", value, 1);
        maxQueuedReplies = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxContinuationFrames()}. Default: 32.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxContinuationFrames(int value) {
        RANGES.atLeast("maxContinuationFrames", value, 1);
        maxContinuationFrames = value;
        return this;
    }

    /**
     * Sets {@link Http2Limits#maxLiveHeaderBytes()}. Default: 1048576.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http2LimitsBuilder maxLiveHeaderBytes(int value) {
        RANGES.atLeast("maxLiveHeaderBytes", value, 1);
        maxLiveHeaderBytes = value;
        return this;
    }

    /**
     * Makes the limits.
     *
     * @return an immutable object
     */
    public Http2Limits build() {
        return new Http2Limits(this);
    }
}
