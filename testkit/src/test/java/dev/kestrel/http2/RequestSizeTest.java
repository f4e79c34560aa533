package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Conversation.request;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMaxRequestBodySizeFeature;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.function.Consumer;

/** Requests that are too large, or of another length than they say (RFC 9113 section 8.1.1). */
@Timeout(30)
class RequestSizeTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    @Test
    @DisplayName("row 81: header fields over maxRequestHeadersTotalSize are answered with 431")
    void tooLargeFields() {
        try (TestServer server =
                TestServer.http2()
                        .limits(limits -> limits.maxRequestHeadersTotalSize(16384))
                        .start(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            String value = "v".repeat(9000);
            client.get(1, "/", "a", value, "b", value);
            client.expectResponse(1).status(431).complete();
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 82: more than maxRequestHeaderCount fields are answered with 431")
    void tooManyFields() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            String[] fields = new String[2 * 101];
            for (int i = 0; i < 101; i++) {
                fields[2 * i] = "x" + i;
                fields[2 * i + 1] = "1";
            }
            client.get(1, "/", fields);
            client.expectResponse(1).status(431).complete();
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 83: \"malformed if the value of a content-length header field does not equal the"
                    + " sum of the DATA frame payload lengths\": a body that never comes")
    void aLengthWithoutABody() {
        onReset(client -> client.headers(1, true, request("POST", "/", "content-length", "1")));
        onReset(
                client -> {
                    byte[] block = block(request("POST", "/", "content-length", "1"));
                    client.headersFrame(1, END_STREAM, block).continuation(1, END_HEADERS);
                });
    }

    @Test
    @DisplayName("row 84: more DATA than content-length, in one frame and in several")
    void moreThanTheLength() {
        bodyIsMalformed(client -> client.data(1, true, "123456"));
        bodyIsMalformed(client -> client.data(1, false, "123456"));
        bodyIsMalformed(client -> client.data(1, false, "123").data(1, true, "456"));
        bodyIsMalformed(client -> client.data(1, false, "12345").data(1, true, "6"));
    }

    @Test
    @DisplayName("row 85: less DATA than content-length, ended by DATA or by trailers")
    void lessThanTheLength() {
        bodyIsMalformed(client -> client.data(1, true, "1234"));
        bodyIsMalformed(client -> client.data(1, true, ""));
        bodyIsMalformed(client -> client.data(1, false, "12").data(1, true, "34"));
        bodyIsMalformed(client -> client.data(1, false, "1234").trailers(1, "x", "1"));
        bodyIsMalformed(
                client ->
                        client.data(1, false, "1234")
                                .headersFrame(1, END_STREAM, block("x", "1"))
                                .continuation(1, END_HEADERS));
    }

    @Test
    @DisplayName("row 86: a body over maxRequestBodySize is answered with 413 and let go")
    void tooLargeABody() {
        try (TestServer server =
                TestServer.http2().limits(limits -> limits.maxRequestBodySize(10)).start(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/", "content-length", "11");
            client.expectResponse(1).status(413).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
            client.post(3, "/").data(3, false, "12345").data(3, false, "678901");
            client.expectResponse(3).status(413).complete();
            client.expectReset(3, Http2Error.NO_ERROR);
            client.post(5, "/", "content-length", "10").data(5, true, "1234567890");
            client.expectResponse(5).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 86: an application can lower the limit")
    void tooLargeABodyByTheApplication() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            ctx.features()
                                    .get(HttpMaxRequestBodySizeFeature.class)
                                    .maxRequestBodySize(4);
                            ECHO.handle(ctx);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "12345");
            client.expectResponse(1).status(413).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
        }
    }

    private static void bodyIsMalformed(Consumer<Http2Conversation> body) {
        onReset(
                client -> {
                    client.post(1, "/", "content-length", "5");
                    body.accept(client);
                });
    }

    private static void onReset(Consumer<Http2Conversation> sending) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            sending.accept(client);
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }
}
