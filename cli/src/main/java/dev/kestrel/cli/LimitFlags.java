package dev.kestrel.cli;

import dev.kestrel.options.KestrelServerLimitsBuilder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.function.Consumer;

/** How much clients may ask. What is not given keeps its default. */
final class LimitFlags {

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Close further connections at once. Default: no limit.")
    @Nullable Long maxConnections;

    @Option(
            names = "--max-body",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description =
                    "The largest request body, such as 64K, 30M, 2G or unlimited. Default: 30,000,000"
                            + " bytes.")
    @Nullable Long maxBody;

    @Option(
            names = "--max-headers",
            paramLabel = "SIZE",
            converter = Sizes.Bytes.class,
            description = "All header fields of a request together. Default: 32K.")
    @Nullable Long maxHeaders;

    @Option(
            names = "--headers-timeout",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description =
                    "How long the head of a request may take, such as 500ms, 30s, 2m. Default: 30s.")
    @Nullable Duration headersTimeout;

    @Option(
            names = "--keep-alive-timeout",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            description = "How long a connection may be idle between requests. Default: 130s.")
    @Nullable Duration keepAliveTimeout;

    LimitFlags() {}

    void apply(KestrelServerLimitsBuilder limits) throws CommandFailure {
        set("--max-connections", maxConnections, limits::maxConcurrentConnections);
        set("--max-body", maxBody, limits::maxRequestBodySize);
        set(
                "--max-headers",
                maxHeaders,
                size -> limits.maxRequestHeadersTotalSize(Sizes.asInt(size)));
        set("--headers-timeout", headersTimeout, limits::requestHeadersTimeout);
        set("--keep-alive-timeout", keepAliveTimeout, limits::keepAliveTimeout);
    }

    /** Sets a limit, if the option was given; what is out of range is told with its name. */
    static <T> void set(String option, @Nullable T value, Consumer<T> limit) throws CommandFailure {
        if (value == null) {
            return;
        }
        try {
            limit.accept(value);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(option + " is out of range: " + e.getMessage());
        }
    }
}
