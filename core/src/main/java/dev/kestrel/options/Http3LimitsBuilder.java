package dev.kestrel.options;

/** Collects {@link Http3Limits}. Not safe for several threads at once. */
public final class Http3LimitsBuilder {

    private static final Ranges RANGES = new Ranges("limits.http3.");

    int maxStreamsPerConnection = 100;
    int headerTableSize = 4096;
    int maxBlockedStreams = 16;
    int maxRequestHeaderFieldSize = 32768;
    int initialConnectionWindowSize = 1024 * 1024;
    int initialStreamWindowSize = 768 * 1024;
    long maxStreamResets = 200;
    long maxControlFrames = 1000;
    int maxLiveHeaderBytes = 1024 * 1024;

    Http3LimitsBuilder() {}

    /**
     * Sets {@link Http3Limits#maxStreamsPerConnection()}. Default: 100.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxStreamsPerConnection(int value) {
        RANGES.atLeast("maxStreamsPerConnection", value, 1);
        maxStreamsPerConnection = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#headerTableSize()}. Default: 4096.
     *
     * @param value 0 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder headerTableSize(int value) {
        RANGES.atLeast("headerTableSize", value, 0);
        headerTableSize = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#maxBlockedStreams()}. Default: 16.
     *
     * @param value 0 to 65535
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxBlockedStreams(int value) {
        RANGES.between("maxBlockedStreams", value, 0, 65535);
        maxBlockedStreams = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#maxRequestHeaderFieldSize()}. Default: 32768.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxRequestHeaderFieldSize(int value) {
        RANGES.atLeast("maxRequestHeaderFieldSize", value, 1);
        maxRequestHeaderFieldSize = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#initialConnectionWindowSize()}. Default: 1048576.
     *
     * @param value 65535 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder initialConnectionWindowSize(int value) {
        RANGES.atLeast("initialConnectionWindowSize", value, 65535);
        initialConnectionWindowSize = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#initialStreamWindowSize()}. Default: 786432.
     *
     * @param value 65535 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder initialStreamWindowSize(int value) {
        RANGES.atLeast("initialStreamWindowSize", value, 65535);
        initialStreamWindowSize = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#maxStreamResets()}. Default: 200.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxStreamResets(long value) {
        RANGES.atLeastOrUnlimited("maxStreamResets", value, 1);
        maxStreamResets = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#maxControlFrames()}. Default: 1000.
     *
     * @param value 1 and up, or {@link KestrelServerLimits#UNLIMITED}
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxControlFrames(long value) {
        RANGES.atLeastOrUnlimited("maxControlFrames", value, 1);
        maxControlFrames = value;
        return this;
    }

    /**
     * Sets {@link Http3Limits#maxLiveHeaderBytes()}. Default: 1048576.
     *
     * @param value 1 and up
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Http3LimitsBuilder maxLiveHeaderBytes(int value) {
        RANGES.atLeast("maxLiveHeaderBytes", value, 1);
        maxLiveHeaderBytes = value;
        return this;
    }

    /**
     * Makes the limits.
     *
     * @return an immutable object
     */
    public Http3Limits build() {
        return new Http3Limits(this);
    }
}
