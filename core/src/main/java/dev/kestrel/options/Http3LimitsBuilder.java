package dev.kestrel.options;

/** Collects {@link Http3Limits}. Not safe for several threads at once. */
public final class Http3LimitsBuilder {

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
        between("maxStreamsPerConnection", value, 1, Integer.MAX_VALUE);
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
        between("headerTableSize", value, 0, Integer.MAX_VALUE);
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
        between("maxBlockedStreams", value, 0, 65535);
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
        between("maxRequestHeaderFieldSize", value, 1, Integer.MAX_VALUE);
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
        between("initialConnectionWindowSize", value, 65535, Integer.MAX_VALUE);
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
        between("initialStreamWindowSize", value, 65535, Integer.MAX_VALUE);
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
        atLeastOneOrUnlimited("maxStreamResets", value);
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
        atLeastOneOrUnlimited("maxControlFrames", value);
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
        between("maxLiveHeaderBytes", value, 1, Integer.MAX_VALUE);
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

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "limits.http3."
                            + name
                            + " must be "
                            + (most == Integer.MAX_VALUE
                                    ? least + " or more"
                                    : "from " + least + " to " + most)
                            + ", not "
                            + value);
        }
    }

    private static void atLeastOneOrUnlimited(String name, long value) {
        if (value < 1 && value != KestrelServerLimits.UNLIMITED) {
            throw new IllegalArgumentException(
                    "limits.http3."
                            + name
                            + " must be 1 or more, or -1 for no limit, not "
                            + value);
        }
    }
}
