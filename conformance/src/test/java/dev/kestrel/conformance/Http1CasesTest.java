package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.kestrel.conformance.CaseApplication.Seen;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The original's own HTTP/1.1 tests as data: each row is a request, or the start of one, and what
 * it is answered. Where this server differs by design, {@code http1-differences.json} has the
 * answer that it gives and why.
 */
class Http1CasesTest {

    private static final Duration LONGER_THAN_THE_HEADER_TIMEOUT = Duration.ofSeconds(32);
    private static final Duration LONGER_THAN_THE_GRACE_PERIOD = Duration.ofSeconds(8);

    @TestFactory
    Stream<DynamicTest> everyRowOfTheOriginalsCases() throws IOException {
        JsonNode differences = differences();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode row : SharedData.json("kestrel/http1-cases.json")) {
            Http1Case one = new Http1Case(row, differences.get(row.get("name").asText()));
            tests.add(DynamicTest.dynamicTest(one.name(), () -> play(one)));
        }
        assertThat(tests).hasSize(589);
        return tests.stream();
    }

    @Test
    void everyDifferenceNamesARowAndSaysWhy() throws IOException {
        Set<String> names = new HashSet<>();
        SharedData.json("kestrel/http1-cases.json")
                .forEach(row -> names.add(row.get("name").asText()));
        differences()
                .properties()
                .forEach(
                        e -> {
                            assertThat(names).contains(e.getKey());
                            assertThat(e.getValue().path("why").asText())
                                    .as(e.getKey())
                                    .isNotEmpty();
                        });
    }

    private static JsonNode differences() throws IOException {
        try (InputStream in = Http1CasesTest.class.getResourceAsStream("/http1-differences.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static void play(Http1Case row) {
        CaseApplication application = new CaseApplication(row.app());
        try (TestServer server =
                TestServer.builder()
                        .options(row::applyOptions)
                        .limits(row::applyLimits)
                        .endPoint(row::applyProtocols)
                        .start(application)) {
            Http1Conversation client = server.connect();
            sendRequest(row, client);
            letTimePass(row, client);
            readAnswer(row, client);
            compareWhatTheApplicationSaw(row, application);
        }
    }

    private static void sendRequest(Http1Case row, Http1Conversation client) {
        String raw = row.raw();
        for (String request : raw.split("\r\n\r\n", -1)) {
            client.sentMethod(methodOf(request));
        }
        String split = row.text("split_after");
        if (split == null) {
            client.sendRaw(raw);
        } else {
            int at = raw.lastIndexOf(split) + split.length();
            client.sendRaw(raw.substring(0, at));
            client.connection().awaitServerIdle();
            client.sendRaw(raw.substring(at));
        }
        String more = row.text("then_send");
        if (more != null && !row.statuses().contains(100)) {
            client.connection().awaitServerIdle();
            client.sendRaw(more);
        }
    }

    /** Answers to these two are framed in a way of their own. */
    private static String methodOf(String request) {
        if (request.startsWith("HEAD ")) {
            return "HEAD";
        }
        return request.startsWith("CONNECT ") ? "CONNECT" : "GET";
    }

    private static void letTimePass(Http1Case row, Http1Conversation client) {
        String wait = row.text("wait_for");
        if (wait != null) {
            client.expectNothingYet();
            client.advance(
                    wait.equals("RequestHeadersTimeout")
                            ? LONGER_THAN_THE_HEADER_TIMEOUT
                            : LONGER_THAN_THE_GRACE_PERIOD);
        }
    }

    private static void readAnswer(Http1Case row, Http1Conversation client) {
        String hex = row.text("expect_raw_hex");
        if (hex != null) {
            client.expectRaw(new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1));
        }
        for (int status : row.statuses()) {
            client.expectStatus(status);
            if (status == 100) {
                client.sendRaw(Objects.requireNonNull(row.text("then_send")));
            } else if (status >= 400) {
                // Answers to what a client did wrong have no body and say that the connection ends.
                client.expectHeader("Content-Length", "0").expectHeader("Connection", "close");
                assertThat(client.response().header("Date")).as(row.name()).hasSize(1);
            }
        }
        row.fields("expect_headers").forEach(client::expectHeader);
        String body = row.text("expect_body");
        if (body != null) {
            client.expectBody(body);
        }
        String timeout = row.text("timeout_status");
        if (timeout != null) {
            client.expectNothingYet();
            client.advance(LONGER_THAN_THE_HEADER_TIMEOUT);
            client.expectStatus(Integer.parseInt(timeout)).expectClosed();
            return;
        }
        expectTheEnd(row, client);
    }

    private static void expectTheEnd(Http1Case row, Http1Conversation client) {
        if ("fin".equals(row.text("then"))) {
            client.finish();
            if (row.statuses().isEmpty()) {
                client.expectGone();
            } else {
                client.expectClosed();
            }
        } else if (row.isTrue("expect_close")) {
            client.expectClosed();
        } else if (row.statuses().isEmpty()) {
            client.expectNothingYet();
        } else {
            client.readRest();
            if (row.isFalse("expect_close")) {
                client.expectNothingYet();
            }
        }
    }

    private static void compareWhatTheApplicationSaw(Http1Case row, CaseApplication application) {
        if (application.seen().isEmpty()) {
            assertThat(row.text("expect_path")).isNull();
            assertThat(row.text("expect_raw_target")).isNull();
            return;
        }
        Seen seen = application.seen().getFirst();
        compare(row.text("expect_path"), seen.path());
        compare(row.text("expect_query"), seen.query());
        compare(row.text("expect_raw_target"), seen.rawTarget());
        compare(row.text("expect_method"), seen.method());
        assertThat(seen.fields()).containsAllEntriesOf(row.fields("expect_request_headers"));
    }

    private static void compare(@Nullable String expected, String actual) {
        if (expected != null) {
            assertThat(actual).isEqualTo(expected);
        }
    }
}
