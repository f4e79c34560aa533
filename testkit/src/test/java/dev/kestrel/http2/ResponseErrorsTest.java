package dev.kestrel.http2;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Responses that go wrong: a status while there can be one, RST_STREAM afterwards (RFC 9113 section
 * 8.1).
 */
@Timeout(30)
class ResponseErrorsTest {

    private static final String FAILED = "the application failed";

    @Test
    @DisplayName("row 146: an application that throws before it has written is answered with 500")
    void throwsBeforeTheFirstWrite() {
        HttpHandler failing =
                ctx -> {
                    throw new IllegalStateException("oops");
                };
        whenItFails(failing, client -> client.get(1, "/").expectResponse(1).status(500).complete());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 11})
    @DisplayName(
            "row 147: an application that throws after its first write has its stream reset with"
                    + " INTERNAL_ERROR")
    void throwsAfterTheFirstWrite(long length) {
        HttpHandler failing =
                ctx -> {
                    ctx.response().contentLength(length);
                    write(ctx, "hello ");
                    throw new IllegalStateException("oops");
                };
        whenItFails(
                failing,
                client ->
                        client.get(1, "/")
                                .expectResponse(1)
                                .status(200)
                                .reset(Http2Error.INTERNAL_ERROR));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 11})
    @DisplayName("row 147: so has one that throws after the start")
    void throwsAfterTheStart(long length) {
        HttpHandler failing =
                ctx -> {
                    ctx.response().contentLength(length).start();
                    throw new IllegalStateException("oops");
                };
        whenItFails(
                failing,
                client -> {
                    client.get(1, "/").expectHeaders(1).status(200);
                    client.expectReset(1, Http2Error.INTERNAL_ERROR);
                });
    }

    @Test
    @DisplayName("row 148: more bytes than content-length in the first write: 500")
    void moreThanTheLengthAtOnce() {
        HttpHandler failing =
                ctx -> {
                    ctx.response().contentLength(11);
                    ctx.response().send("hello, world");
                };
        whenItFails(failing, client -> client.get(1, "/").expectResponse(1).status(500).complete());
    }

    @Test
    @DisplayName("row 149: more bytes than content-length in a later write: INTERNAL_ERROR")
    void moreThanTheLengthLater() {
        HttpHandler failing =
                ctx -> {
                    ctx.response().contentLength(11);
                    write(ctx, "hello,");
                    write(ctx, " world");
                };
        whenItFails(
                failing,
                client -> {
                    client.get(1, "/").expectHeaders(1).header("content-length", "11");
                    client.expectData(1, "hello,").expectReset(1, Http2Error.INTERNAL_ERROR);
                });
    }

    @Test
    @DisplayName("row 150: no bytes though there is a content-length: 500")
    void noBytesThoughThereIsALength() {
        whenItFails(
                ctx -> ctx.response().contentLength(11),
                client -> client.get(1, "/").expectResponse(1).status(500).complete());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("row 151: fewer bytes than content-length after some: INTERNAL_ERROR")
    void fewerThanTheLength(boolean complete) {
        HttpHandler failing =
                ctx -> {
                    ctx.response().contentLength(11);
                    write(ctx, "hello,");
                    if (complete) {
                        ctx.response().complete();
                    }
                };
        whenItFails(
                failing,
                client ->
                        client.get(1, "/")
                                .expectResponse(1)
                                .status(200)
                                .reset(Http2Error.INTERNAL_ERROR));
    }

    @Test
    @DisplayName("completing twice, and writing behind the end, harm nobody")
    void behindTheEnd() {
        HttpHandler twice =
                ctx -> {
                    ctx.response().send("hello");
                    ctx.response().complete();
                    assertThatThrownBy(() -> write(ctx, "more"))
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.startHttp2(twice)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200).body("hello");
            client.expectNothingYet();
        }
    }

    private static void whenItFails(HttpHandler handler, Consumer<Http2Conversation> talk) {
        try (TestServer server = TestServer.startHttp2(handler)) {
            server.log().expect(FAILED);
            Http2Conversation client = server.connectHttp2();
            talk.accept(client);
            client.expectNothingYet();
        }
    }

    private static void write(HttpContext ctx, String text) throws IOException {
        ctx.response().outputStream().write(text.getBytes());
        ctx.response().flush();
    }
}
