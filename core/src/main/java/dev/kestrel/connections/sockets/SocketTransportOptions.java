package dev.kestrel.connections.sockets;

import dev.kestrel.pipelines.SourcePipeReader;

import java.time.Duration;
import java.util.Objects;

/**
 * How sockets are set up. Immutable; made by a {@link Builder}.
 *
 * @param backlog how many connections may wait to be accepted; the system may allow fewer. At least
 *     1, default 512
 * @param noDelay whether small pieces are sent at once (TCP_NODELAY). Default: true
 * @param reuseAddress whether an address may be bound again while connections of an earlier server
 *     linger (SO_REUSEADDR). Default: true, but false on Windows, where it means something else
 * @param idleBufferSize how many bytes of memory a connection waits on while it is idle, from 64 to
 *     65,536. Default: 1,024
 * @param maxReadBufferSize how many bytes reading ahead holds for a reader that is busy, at least
 *     1. Default: 65,536
 * @param maxWriteBufferSize how many bytes are handed to the system in one call, at least 4,096.
 *     The Java runtime keeps native memory of this size for each thread that has written so much at
 *     once, until the thread ends: outside the heap, and not counted by {@code
 *     -XX:MaxDirectMemorySize}. There is a carrier for each processor; when handlers block carriers
 *     there are up to 256 more. Default: 262,144, or where that is more than a sixteenth of the
 *     largest heap for all processors together, less, from 65,536 on
 * @param lingerTimeout how long after its last write a connection that is closed waits for the peer
 *     to end its side, and discards what still comes in, so that the peer can read what was sent
 *     last. Zero: not at all. Default: 2 s
 * @param threads which threads wait for sockets and carry connections. Default: {@link
 *     SocketThreads#AUTOMATIC}
 * @param loops how many loops there are when loops are used, from 1 to 1,024. Default: as many as
 *     the process has processors
 */
public record SocketTransportOptions(
        int backlog,
        boolean noDelay,
        boolean reuseAddress,
        int idleBufferSize,
        int maxReadBufferSize,
        int maxWriteBufferSize,
        Duration lingerTimeout,
        SocketThreads threads,
        int loops) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value is out of its range; the message names both
     */
    public SocketTransportOptions {
        Objects.requireNonNull(lingerTimeout, "lingerTimeout");
        Objects.requireNonNull(threads, "threads");
        check(backlog >= 1, "backlog", "1 or more", backlog);
        check(
                idleBufferSize >= 64 && idleBufferSize <= 65_536,
                "idleBufferSize",
                "from 64 to 65536",
                idleBufferSize);
        check(maxReadBufferSize >= 1, "maxReadBufferSize", "1 or more", maxReadBufferSize);
        check(maxWriteBufferSize >= 4096, "maxWriteBufferSize", "4096 or more", maxWriteBufferSize);
        check(!lingerTimeout.isNegative(), "lingerTimeout", "zero or more", lingerTimeout);
        check(loops >= 1 && loops <= 1024, "loops", "from 1 to 1024", loops);
    }

    /**
     * All defaults.
     *
     * @return options with every value at its default
     */
    public static SocketTransportOptions defaults() {
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

    private static void check(boolean valid, String name, String range, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "sockets." + name + " must be " + range + ", not " + value);
        }
    }

    /** Collects options; {@link #build()} checks them. Not safe for several threads at once. */
    public static final class Builder {

        private int backlog = 512;
        private boolean noDelay = true;
        private boolean reuseAddress = !System.getProperty("os.name", "").startsWith("Windows");
        private int idleBufferSize = SourcePipeReader.DEFAULT_IDLE_SIZE;
        private int maxReadBufferSize = SourcePipeReader.DEFAULT_READ_AHEAD_LIMIT;
        private int maxWriteBufferSize = defaultWriteBufferSize();
        private Duration lingerTimeout = Duration.ofSeconds(2);
        private SocketThreads threads = SocketThreads.AUTOMATIC;
        private int loops = Math.min(1024, Runtime.getRuntime().availableProcessors());

        private Builder() {}

        private static int defaultWriteBufferSize() {
            Runtime runtime = Runtime.getRuntime();
            long share = runtime.maxMemory() / (16L * runtime.availableProcessors());
            return Math.clamp(Long.highestOneBit(share), 64 * 1024, 256 * 1024);
        }

        /**
         * Sets {@link SocketTransportOptions#backlog()}.
         *
         * @param value a count, at least 1. Default: 512
         * @return this
         */
        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#noDelay()}.
         *
         * @param value true to send small pieces at once
         * @return this
         */
        public Builder noDelay(boolean value) {
            noDelay = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#reuseAddress()}.
         *
         * @param value true to bind in spite of lingering connections
         * @return this
         */
        public Builder reuseAddress(boolean value) {
            reuseAddress = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#idleBufferSize()}.
         *
         * @param value bytes, from 64 to 65,536. Default: 1,024
         * @return this
         */
        public Builder idleBufferSize(int value) {
            idleBufferSize = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#maxReadBufferSize()}.
         *
         * @param value bytes, at least 1. Default: 65,536
         * @return this
         */
        public Builder maxReadBufferSize(int value) {
            maxReadBufferSize = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#maxWriteBufferSize()}.
         *
         * @param value bytes, at least 4,096
         * @return this
         */
        public Builder maxWriteBufferSize(int value) {
            maxWriteBufferSize = value;
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#lingerTimeout()}.
         *
         * @param value zero or more. Default: 2 s
         * @return this
         */
        public Builder lingerTimeout(Duration value) {
            lingerTimeout = Objects.requireNonNull(value, "lingerTimeout");
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#threads()}.
         *
         * @param value which threads
         * @return this
         */
        public Builder threads(SocketThreads value) {
            threads = Objects.requireNonNull(value, "threads");
            return this;
        }

        /**
         * Sets {@link SocketTransportOptions#loops()}.
         *
         * @param value a count, from 1 to 1,024. Default: as many as processors
         * @return this
         */
        public Builder loops(int value) {
            loops = value;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return the options
         * @throws IllegalArgumentException when a value is out of its range
         */
        public SocketTransportOptions build() {
            return new SocketTransportOptions(
                    backlog,
                    noDelay,
                    reuseAddress,
                    idleBufferSize,
                    maxReadBufferSize,
                    maxWriteBufferSize,
                    lingerTimeout,
                    threads,
                    loops);
        }
    }
}
