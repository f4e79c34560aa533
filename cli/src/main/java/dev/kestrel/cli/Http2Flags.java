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
            description = "HTTP/2: resets of a connection in 30 seconds. Default: 200.")
    @Nullable Integer maxStreamResets;

    @Option(
            names = "--max-frame",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description = "HTTP/2: the largest frame, from 16K. Default: 16K.")
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
            description = "HTTP/2: the same for all bodies of a connection together. Default: 1M.")
    @Nullable Long connectionWindow;

    @Option(
            names = "--ping-delay",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description =
                    "HTTP/2: ask a client that was silent for so long whether it is there. Default:"
                            + " never.")
    @Nullable Duration pingDelay;

    @Option(
            names = "--ping-timeout",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description = "HTTP/2: how long it may take to answer that. Default: 20s.")
    @Nullable Duration pingTimeout;

    Http2Flags() {}

    void apply(KestrelServerLimitsBuilder limits) throws CommandFailure {
        Http2LimitsBuilder http2 = Http2Limits.builder();
        try {
            if (maxStreams != null) {
                http2.maxStreamsPerConnection(maxStreams);
            }
            if (maxStreamResets != null) {
                http2.maxStreamResets(maxStreamResets);
            }
            if (maxFrame != null) {
                http2.maxFrameSize(Math.toIntExact(maxFrame));
            }
            if (streamWindow != null) {
                http2.initialStreamWindowSize(Math.toIntExact(streamWindow));
            }
            if (connectionWindow != null) {
                http2.initialConnectionWindowSize(Math.toIntExact(connectionWindow));
            }
            if (pingDelay != null) {
                http2.keepAlivePingDelay(pingDelay);
            }
            if (pingTimeout != null) {
                http2.keepAlivePingTimeout(pingTimeout);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CommandFailure("a limit is out of range: " + e.getMessage());
        }
        limits.http2(http2.build());
    }
}
