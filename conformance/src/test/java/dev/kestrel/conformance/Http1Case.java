package dev.kestrel.conformance;

import com.fasterxml.jackson.databind.JsonNode;

import dev.kestrel.options.Http1Options;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.KestrelServerLimitsBuilder;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of {@code http1-cases.json}, with what is expected of this server: the row's own answer, or
 * the one that {@code http1-differences.json} gives instead.
 */
record Http1Case(JsonNode row, @Nullable JsonNode difference) {

    String name() {
        return row.get("name").asText();
    }

    String raw() {
        return row.get("raw").asText();
    }

    String app() {
        return row.path("app").asText("default");
    }

    @Nullable String text(String field) {
        JsonNode value = expectation(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    boolean isTrue(String field) {
        JsonNode value = expectation(field);
        return value != null && value.asBoolean();
    }

    boolean isFalse(String field) {
        JsonNode value = expectation(field);
        return value != null && !value.asBoolean();
    }

    Map<String, String> fields(String field) {
        JsonNode value = expectation(field);
        if (value == null) {
            return Map.of();
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        value.properties().forEach(e -> all.put(e.getKey(), e.getValue().asText()));
        return all;
    }

    /** The statuses of the responses in order; none when no response is expected. */
    List<Integer> statuses() {
        JsonNode all = expectation("expect_statuses");
        List<Integer> statuses = new ArrayList<>();
        if (all != null) {
            all.forEach(s -> statuses.add(s.asInt()));
        } else {
            JsonNode one = expectation("expect_status");
            if (one != null && !one.isNull()) {
                statuses.add(one.asInt());
            }
        }
        return statuses;
    }

    /** A difference replaces all expectations of the row, and keeps what the client does. */
    private @Nullable JsonNode expectation(String field) {
        if (difference != null && (field.startsWith("expect") || field.equals("timeout_status"))) {
            return difference.get(field);
        }
        return row.get(field);
    }

    /** Rows about a leniency that is off here run with the option that switches it on. */
    void applyProtocols(ListenOptions.Builder endPoint) {
        if (row.path("options").path("protocols").asText().equals("http1")) {
            endPoint.protocols(HttpVersion.HTTP_1_1);
        }
    }

    void applyOptions(KestrelServerOptions.Builder options) {
        Http1Options http1 = Http1Options.STRICT;
        if (row.path("strict_lf").isBoolean() && !row.path("strict_lf").asBoolean()) {
            http1 = http1.withBareLineFeed(true);
        }
        switch (row.get("group").asText()) {
            case "cl-and-te" -> http1 = http1.withContentLengthWithTransferEncoding(true);
            case "chunk-http10" -> http1 = http1.withTransferEncodingOnHttp10(true);
            case "transfer-encoding", "transfer-encoding-multi" ->
                    http1 = http1.withOtherTransferCodings(true);
            case "te-final-not-chunked" ->
                    http1 =
                            http1.withOtherTransferCodings(true)
                                    .withContentLengthWithTransferEncoding(true);
            default -> {}
        }
        options.http1(http1);
        if (row.path("options").path("AllowHostHeaderOverride").asBoolean(false)) {
            options.allowHostHeaderOverride(true);
        }
    }

    void applyLimits(KestrelServerLimitsBuilder limits) {
        for (Map.Entry<String, JsonNode> option : row.path("options").properties()) {
            JsonNode value = option.getValue();
            switch (option.getKey()) {
                case "MaxRequestHeaderCount" -> limits.maxRequestHeaderCount(value.asInt());
                case "MaxRequestHeadersTotalSize" ->
                        limits.maxRequestHeadersTotalSize(value.asInt());
                case "MaxRequestLineSize" -> limits.maxRequestLineSize(value.asInt());
                case "MaxRequestBodySize" -> limits.maxRequestBodySize(value.asLong());
                case "AllowHostHeaderOverride", "protocols" -> {}
                default -> throw new IllegalArgumentException("Unknown option " + option.getKey());
            }
        }
    }
}
