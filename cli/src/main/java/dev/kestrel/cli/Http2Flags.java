package dev.kestrel.cli;

import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.Http2LimitsBuilder;
import dev.kestrel.options.KestrelServerLimitsBuilder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;

/** How much clients may ask over HTTP/2. What is not given keeps its default. */
final class Http2Flags {

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            description = "HTTP/2: requests of a connection at a time. Default: 100.")
    @Nullable Integer maxStreams;

    @Option(
            names = "--max-stream-resets",
            paramLabel = "N",
            description =
                    "HTTP/2: resets of a connection in 30 seconds; -1 for no limit. Default: 200.")
    @Nullable Long maxStreamResets;

    @Option(
            names = "--max-frame",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description = "HTTP/2: the largest frame, from 16K to just under 16M. Default: 16K.")
    @Nullable Long maxFrame;

    @Option(
            names = "--stream-window",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description =
                    "HTTP/2: how much of a request body may wait for the application, from 64K."
                            + " Default: 768K.")
    @Nullable Long streamWindow;

    @Option(
            names = "--connection-window",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description =
                    "HTTP/2: the same for all bodies of a connection together, from 64K. Default: 1M.")
    @Nullable Long connectionWindow;

    @Option(
            names = "--ping-delay",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description =
                    "HTTP/2: ask a client that was silent for so long whether it is there, from 1s."
                            + " Default: never.")
    @Nullable Duration pingDelay;

    @Option(
            names = "--ping-timeout",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description = "HTTP/2: how long it may take to answer that, from 1s. Default: 20s.")
    @Nullable Duration pingTimeout;

    Http2Flags() {}

    void apply(KestrelServerLimitsBuilder limits) throws CommandFailure {
        Http2LimitsBuilder http2 = Http2Limits.builder();
        LimitFlags.set("--max-streams", maxStreams, http2::maxStreamsPerConnection);
        LimitFlags.set("--max-stream-resets", maxStreamResets, http2::maxStreamResets);
        LimitFlags.set("--max-frame", maxFrame, size -> http2.maxFrameSize(Sizes.asInt(size)));
        LimitFlags.set(
                "--stream-window",
                streamWindow,
                size -> http2.initialStreamWindowSize(Sizes.asInt(size)));
        LimitFlags.set(
                "--connection-window",
                connectionWindow,
                size -> http2.initialConnectionWindowSize(Sizes.asInt(size)));
        LimitFlags.set("--ping-delay", pingDelay, http2::keepAlivePingDelay);
        LimitFlags.set("--ping-timeout", pingTimeout, http2::keepAlivePingTimeout);
        limits.http2(http2.build());
    }
}
