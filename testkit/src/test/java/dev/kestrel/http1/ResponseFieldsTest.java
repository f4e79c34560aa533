package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Status line and header fields of responses. */
@Timeout(30)
class ResponseFieldsTest {

    /**
     * "An origin server with a clock MUST generate a Date header field in all 2xx ... responses".
     */
    @Test
    void everyResponseHasTheDateAndTheServersName() {
        try (TestServer server = TestServer.start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
            client.expectHeader("Server", "Kestrel").expectBody("");
            client.advance(Duration.ofSeconds(61));
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("Date", "Thu, 01 Jan 2026 00:01:01 GMT");
        }
    }

    @Test
    void theServersNameCanBeKeptBack() {
        try (TestServer server =
                TestServer.builder().options(o -> o.addServerHeader(false)).start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectNoHeader("Server").expectBody("");
            client.send("GET / HTTP/1.1", "");
            client.expectStatus(400).expectNoHeader("Server").expectClosed();
        }
    }

    @Test
    void theApplicationsOwnDateAndServerWin() {
        HttpHandler handler =
                ctx -> ctx.response().header("Date", "yesterday").header("server", "mine");
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Date", "yesterday")
                    .expectHeader("Server", "mine");
        }
    }

    @Test
    void fieldsKeepTheirOrderAndNumber() {
        HttpHandler handler =
                ctx -> {
                    ctx.response()
                            .headers()
                            .add("Set-Cookie", "a=1")
                            .add("X-B", "2")
                            .add("Set-Cookie", "c=3");
                    ctx.response().status(299).reasonPhrase("Quite Fine");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(299).expectReason("Quite Fine");
            client.expectHeader("Set-Cookie", "a=1", "c=3").expectHeader("X-B", "2");
        }
    }

    /** Response splitting: what ends a line must never get into one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nInjected: x",
                "a\nInjected: x",
                "a\rInjected: x",
                "a\0b",
                "\u010a",
                "\u00e9",
                "\u007f"
            })
    void valuesThatCouldEndALineAreRefused(String value) {
        HttpHandler handler =
                ctx -> {
                    assertThatThrownBy(() -> ctx.response().header("X", value))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> ctx.response().headers().add("Location", value))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> ctx.response().reasonPhrase(value))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> ctx.response().contentType(value))
                            .isInstanceOf(IllegalArgumentException.class);
                    ctx.response().send("safe");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectNoHeader("Injected")
                    .expectNoHeader("X")
                    .expectBody("safe")
                    .expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "a\n", "\u00e9", "a\0", "(a)"})
    void namesThatAreNoTokensAreRefused(String name) {
        HttpHandler handler =
                ctx -> {
                    assertThatThrownBy(() -> ctx.response().header(name, "x"))
                            .isInstanceOf(IllegalArgumentException.class);
                    ctx.response().send("safe");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("safe").expectNothingYet();
        }
    }

    @Test
    void anEncodingForAFieldWidensItButNeverToLineEnds() {
        HttpHandler handler =
                ctx -> {
                    assertThatThrownBy(() -> ctx.response().header("X-Utf8", "a\nb"))
                            .isInstanceOf(IllegalArgumentException.class);
                    ctx.response().header("X-Utf8", "\u00e9");
                };
        try (TestServer server =
                TestServer.builder()
                        .options(
                                o ->
                                        o.responseHeaderEncodingSelector(
                                                name ->
                                                        name.equals("X-Utf8")
                                                                ? StandardCharsets.UTF_8
                                                                : null))
                        .start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("X-Utf8", "\u00c3\u00a9");
        }
    }

    @Test
    void nothingChangesOnceTheResponseHasStarted() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().start();
                    assertThatThrownBy(() -> ctx.response().header("X", "x"))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> ctx.response().headers().clear())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> ctx.response().status(201))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> ctx.response().reasonPhrase("x"))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> ctx.response().clear())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> ctx.response().onStarting(() -> {}))
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectNoHeader("X").expectBody("").expectNothingYet();
        }
    }

    @Test
    void largeFieldsArePossible() {
        String value = "v".repeat(40_000);
        HttpHandler handler = ctx -> ctx.response().header("X-Large", value).send("body");
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("X-Large", value)
                    .expectBody("body")
                    .expectNothingYet();
        }
    }
}
