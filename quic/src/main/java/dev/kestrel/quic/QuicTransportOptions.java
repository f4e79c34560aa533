package dev.kestrel.quic;

import dev.kestrel.connections.sockets.SocketThreads;

import java.time.Duration;
import java.util.Objects;

/**
 * How the QUIC transport is set up (the original's type of the same name, with more). Immutable;
 * made by a {@link Builder}.
 *
 * @param maxBidirectionalStreamCount how many bidirectional streams a client may have open at a
 *     time, which are its requests, from 0 to 65,535. Zero, the default: as many as the server's
 *     own limits say, which is 100 unless that was changed
 * @param maxUnidirectionalStreamCount how many unidirectional streams a client may have open at a
 *     time, from 0 to 65,535. Zero, the default: as many as the server's own limits say, which is
 *     10 unless that was changed
 * @param maxReadBufferSize how many bytes of a stream may be here that nobody has read, at least
 *     16,384; where the server's own limits allow fewer those count. Default: 1,048,576
 * @param maxWriteBufferSize how many bytes of a stream may wait to be taken by the library before a
 *     flush waits, at least 4,096. Default: 65,536
 * @param backlog how many connections may wait to be accepted; more are refused. At least 1,
 *     default 512
 * @param defaultStreamErrorCode what a client is told when a stream ends before its time and nobody
 *     has said why, from 0 to 2,147,483,647. Default: {@code H3_REQUEST_CANCELLED}
 * @param defaultCloseErrorCode what a client is told when a connection ends and nobody has said
 *     why, and the code by which a client says that all is well; the same range. Default: {@code
 *     H3_NO_ERROR}
 * @param idleTimeout how long nothing may be heard of a client, so that connections end whose
 *     client has vanished. Zero: for ever. Default: 3 minutes, more than the server's own keep-
 *     alive timeout
 * @param drainTimeout how long the end of a connection waits until the client has what was
 *     completed before. Zero: not at all. Default: 2 s
 * @param loopCount how many loops move bytes, each with a UDP socket of its own, from 0 to 64; more
 *     than one only on Linux. Zero, the default: where they carry the connections, too, one for
 *     each processor, at most 64; otherwise one for two processors, at most 8
 * @param threads which threads carry the connections: those that move the bytes, or the JDK's.
 *     Loops need Linux, without which the JDK carries them whatever is said, and a JVM that opens
 *     {@code java.lang}. Default: {@link SocketThreads#AUTOMATIC}
 * @param maxPendingHandshakes how many handshakes may be under way; clients that come then have to
 *     wait until there are fewer. At least 1, default 4,096
 * @param retryThreshold from how many handshakes under way on clients have to prove their address
 *     first, by a Retry packet (RFC 9000 section 8.1.2). Zero: always. Default: 256
 * @param retryTokenLifetime how long such a proof is good for. More than zero, default 10 s
 */
public record QuicTransportOptions(
        int maxBidirectionalStreamCount,
        int maxUnidirectionalStreamCount,
        int maxReadBufferSize,
        int maxWriteBufferSize,
        int backlog,
        long defaultStreamErrorCode,
        long defaultCloseErrorCode,
        Duration idleTimeout,
        Duration drainTimeout,
        int loopCount,
        SocketThreads threads,
        int maxPendingHandshakes,
        int retryThreshold,
        Duration retryTokenLifetime) {

    static final int MAX_LOOPS = 64;

    /** The library takes codes as int. */
    private static final long MAX_CODE = Integer.MAX_VALUE;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value is out of its range
     */
    public QuicTransportOptions {
        Objects.requireNonNull(idleTimeout, "idleTimeout");
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        Objects.requireNonNull(threads, "threads");
        Objects.requireNonNull(retryTokenLifetime, "retryTokenLifetime");
        between("maxBidirectionalStreamCount", maxBidirectionalStreamCount, 0, 65_535);
        between("maxUnidirectionalStreamCount", maxUnidirectionalStreamCount, 0, 65_535);
        atLeast("maxReadBufferSize", maxReadBufferSize, 16_384);
        atLeast("maxWriteBufferSize", maxWriteBufferSize, 4096);
        atLeast("backlog", backlog, 1);
        between("defaultStreamErrorCode", defaultStreamErrorCode, 0, MAX_CODE);
        between("defaultCloseErrorCode", defaultCloseErrorCode, 0, MAX_CODE);
        check(!idleTimeout.isNegative(), "idleTimeout", "zero or more", idleTimeout);
        check(!drainTimeout.isNegative(), "drainTimeout", "zero or more", drainTimeout);
        between("loopCount", loopCount, 0, MAX_LOOPS);
        atLeast("maxPendingHandshakes", maxPendingHandshakes, 1);
        atLeast("retryThreshold", retryThreshold, 0);
        check(
                retryTokenLifetime.isPositive(),
                "retryTokenLifetime",
                "longer than zero",
                retryTokenLifetime);
    }

    /**
     * All defaults.
     *
     * @return options with every value at its default
     */
    public static QuicTransportOptions defaults() {
        return builder().build();
    }

    /**
     * Starts from the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private static void atLeast(String name, long value, long least) {
        check(value >= least, name, least + " or more", value);
    }

    private static void between(String name, long value, long least, long most) {
        check(value >= least && value <= most, name, "from " + least + " to " + most, value);
    }

    private static void check(boolean valid, String name, String range, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "quic." + name + " must be " + range + ", not " + value);
        }
    }

    /** Collects options; {@link #build()} checks them. Not safe for several threads at once. */
    public static final class Builder {

        private int maxBidirectionalStreamCount = 0;
        private int maxUnidirectionalStreamCount = 0;
        private int maxReadBufferSize = 1024 * 1024;
        private int maxWriteBufferSize = 64 * 1024;
        private int backlog = 512;
        private long defaultStreamErrorCode = 0x10c;
        private long defaultCloseErrorCode = 0x100;
        private Duration idleTimeout = Duration.ofMinutes(3);
        private Duration drainTimeout = Duration.ofSeconds(2);
        private int loopCount = 0;
        private SocketThreads threads = SocketThreads.AUTOMATIC;
        private int maxPendingHandshakes = 4096;
        private int retryThreshold = 256;
        private Duration retryTokenLifetime = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Sets {@link QuicTransportOptions#maxBidirectionalStreamCount()}.
         *
         * @param value 0 to 65,535; 0 for what the limits of the server say, the default
         * @return this
         */
        public Builder maxBidirectionalStreamCount(int value) {
            maxBidirectionalStreamCount = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#maxUnidirectionalStreamCount()}.
         *
         * @param value 0 to 65,535; 0 for what the limits of the server say, the default
         * @return this
         */
        public Builder maxUnidirectionalStreamCount(int value) {
            maxUnidirectionalStreamCount = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#maxReadBufferSize()}.
         *
         * @param value bytes, at least 16,384. Default: 1,048,576
         * @return this
         */
        public Builder maxReadBufferSize(int value) {
            maxReadBufferSize = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#maxWriteBufferSize()}.
         *
         * @param value bytes, at least 4,096. Default: 65,536
         * @return this
         */
        public Builder maxWriteBufferSize(int value) {
            maxWriteBufferSize = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#backlog()}.
         *
         * @param value a count, at least 1. Default: 512
         * @return this
         */
        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#defaultStreamErrorCode()}.
         *
         * @param value a code, from 0 to 2,147,483,647. Default: 0x10c
         * @return this
         */
        public Builder defaultStreamErrorCode(long value) {
            defaultStreamErrorCode = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#defaultCloseErrorCode()}.
         *
         * @param value a code, from 0 to 2,147,483,647. Default: 0x100
         * @return this
         */
        public Builder defaultCloseErrorCode(long value) {
            defaultCloseErrorCode = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#idleTimeout()}.
         *
         * @param value zero, which is for ever, or more. Default: 3 minutes
         * @return this
         */
        public Builder idleTimeout(Duration value) {
            idleTimeout = Objects.requireNonNull(value, "idleTimeout");
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#drainTimeout()}.
         *
         * @param value zero or more. Default: 2 s
         * @return this
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = Objects.requireNonNull(value, "drainTimeout");
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#loopCount()}.
         *
         * @param value 0 to 64; 0, the default, for what fits the machine
         * @return this
         */
        public Builder loopCount(int value) {
            loopCount = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#threads()}.
         *
         * @param value which. Default: {@link SocketThreads#AUTOMATIC}
         * @return this
         */
        public Builder threads(SocketThreads value) {
            threads = Objects.requireNonNull(value, "threads");
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#maxPendingHandshakes()}.
         *
         * @param value a count, at least 1. Default: 4,096
         * @return this
         */
        public Builder maxPendingHandshakes(int value) {
            maxPendingHandshakes = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#retryThreshold()}.
         *
         * @param value a count, 0 or more; 0 for always. Default: 256
         * @return this
         */
        public Builder retryThreshold(int value) {
            retryThreshold = value;
            return this;
        }

        /**
         * Sets {@link QuicTransportOptions#retryTokenLifetime()}.
         *
         * @param value longer than zero. Default: 10 s
         * @return this
         */
        public Builder retryTokenLifetime(Duration value) {
            retryTokenLifetime = Objects.requireNonNull(value, "retryTokenLifetime");
            return this;
        }

        /**
         * Makes the options.
         *
         * @return options with what was set
         * @throws IllegalArgumentException when a value is out of its range
         */
        public QuicTransportOptions build() {
            return new QuicTransportOptions(
                    maxBidirectionalStreamCount,
                    maxUnidirectionalStreamCount,
                    maxReadBufferSize,
                    maxWriteBufferSize,
                    backlog,
                    defaultStreamErrorCode,
                    defaultCloseErrorCode,
                    idleTimeout,
                    drainTimeout,
                    loopCount,
                    threads,
                    maxPendingHandshakes,
                    retryThreshold,
                    retryTokenLifetime);
        }
    }
}
