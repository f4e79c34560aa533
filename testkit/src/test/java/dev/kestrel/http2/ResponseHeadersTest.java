package dev.kestrel.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.Http2Response;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.util.List;

/** Header sections of responses: what may be in them, and how they are cut into frames. */
@Timeout(30)
class ResponseHeadersTest {

    private static final int FRAME = 16384;

    /** The Huffman code saves nothing on this one (RFC 7541 appendix B), nor on a tilde. */
    private static final String LONG_CODE = "X";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "row 160: a charset that makes a line feed of a response field or trailer: the block was"
                    + " begun, so compression can not be trusted any more")
    void aCharsetThatMakesALineFeed(boolean trailer) {
        HttpHandler handler =
                ctx -> {
                    // In EBCDIC this is 0x0a.
                    if (trailer) {
                        ctx.response().outputStream().write('a');
                        ctx.response().flush();
                        ctx.response().trailers().set("x", "\u008e");
                    } else {
                        ctx.response().header("x", "\u008e");
                    }
                };
        try (TestServer server =
                TestServer.http2()
                        .options(
                                options ->
                                        options.responseHeaderEncodingSelector(
                                                name ->
                                                        name.equalsIgnoreCase("x")
                                                                ? Charset.forName("IBM037")
                                                                : null))
                        .start(handler)) {
            server.log().expect("CR, LF or NUL");
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/");
            if (trailer) {
                client.expectHeaders(1).status(200);
                client.expectData(1, "a");
            }
            client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName(
            "row 161: \"An endpoint MUST NOT generate an HTTP/2 message containing"
                    + " connection-specific header fields\"")
    void connectionSpecificFields() {
        HttpHandler handler =
                ctx ->
                        ctx.response()
                                .header("Connection", "close")
                                .header("Keep-Alive", "timeout=5")
                                .header("Transfer-Encoding", "chunked")
                                .header("Upgrade", "h2c")
                                .header("Proxy-Connection", "close")
                                .header("X-Mine", "1")
                                .send("hello");
        try (TestServer server = TestServer.startHttp2(handler)) {
            server.log().expect("was removed from a response");
            Http2Conversation client = server.connectHttp2();
            for (int stream = 1; stream < 7; stream += 2) {
                client.get(stream, "/")
                        .expectResponse(stream)
                        .status(200)
                        .header("connection")
                        .header("keep-alive")
                        .header("transfer-encoding")
                        .header("upgrade")
                        .header("proxy-connection")
                        .header("x-mine", "1")
                        .body("hello");
            }
            client.expectNothingYet();
            assertThat(server.log().entries())
                    .filteredOn(entry -> entry.contains("was removed from a response"))
                    .as("warned once")
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "neverIndexedHeaders: \"protect sensitive header fields by not compressing them\" (RFC 7541"
                    + " section 7.1.3)")
    void aSecretIsNeverIndexed() {
        try (TestServer server =
                TestServer.http2()
                        .options(options -> options.neverIndexedHeaders("X-Secret"))
                        .start(ctx -> ctx.response().header("x-secret", "s").send("hello"))) {
            Http2Conversation client = server.connectHttp2();
            for (int stream = 1; stream < 5; stream += 2) {
                byte[] block = client.get(stream, "/").nextFrame(stream).payload();
                // :status 200 of the static table, then a literal of that kind with a new name.
                assertThat(block).startsWith(0x88, 0x10);
                client.expectData(stream, "hello").expectEndStream(stream);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16200, 1", "16384, 2", "16500, 2", "40000, 3", "1048576, 65"})
    @DisplayName(
            "row 162: \"any number of CONTINUATION frames can be sent\": a value longer than a frame")
    void aLongValue(int length, int frames) {
        String value = LONG_CODE.repeat(length);
        cutToFrames(
                ctx -> ctx.response().header("x-long", value).send("hello"),
                frames,
                response -> response.header("x-long", value).body("hello"));
    }

    @Test
    @DisplayName("row 162: a name longer than a frame")
    void aLongName() {
        String name = "~".repeat(20000);
        cutToFrames(
                ctx -> ctx.response().header(name, "1").send("hello"),
                2,
                response -> response.header(name, "1").body("hello"));
    }

    @Test
    @DisplayName("row 162: several long values")
    void severalLongValues() {
        HttpHandler handler =
                ctx -> {
                    for (int i = 0; i < 5; i++) {
                        ctx.response().header("x-long" + i, LONG_CODE.repeat(10000 + i));
                    }
                    ctx.response().send("hello");
                };
        cutToFrames(
                handler,
                4,
                response -> {
                    for (int i = 0; i < 5; i++) {
                        response.header("x-long" + i, LONG_CODE.repeat(10000 + i));
                    }
                    response.body("hello");
                });
    }

    @Test
    @DisplayName("row 162: many short ones, and no body")
    void manyShortFields() {
        HttpHandler handler =
                ctx -> {
                    for (int i = 0; i < 2000; i++) {
                        ctx.response().header("x-" + i, "value " + i);
                    }
                };
        cutToFrames(
                handler,
                -1,
                response -> response.header("x-1999", "value 1999").header("x-0", "value 0"));
    }

    @ParameterizedTest
    @CsvSource({"16500, 2", "100000, 7"})
    @DisplayName("row 162: trailers longer than a frame")
    void longTrailers(int length, int frames) {
        String value = LONG_CODE.repeat(length);
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write("hello".getBytes());
                    ctx.response().trailers().set("x-long", value).set("x-short", "1");
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectHeaders(1).status(200);
            client.expectData(1, "hello");
            var trailers = client.nextFrame(1);
            assertThat(trailers.type()).isEqualTo(Http2Frames.HEADERS);
            assertThat(trailers.endsStream()).isTrue();
            requirePieces(trailers.pieces(), frames, FRAME);
            client.get(3, "/")
                    .expectResponse(3)
                    .body("hello")
                    .trailer("x-long", value)
                    .trailer("x-short", "1");
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 163: SETTINGS_MAX_FRAME_SIZE: \"the largest frame payload that the sender is willing"
                    + " to receive\", here as large as the server's own")
    void aLargerFrame() {
        int larger = 17 * 1024;
        HttpHandler handler = ctx -> ctx.response().header("x-long", LONG_CODE.repeat(17400));
        try (TestServer server =
                TestServer.http2()
                        .limits(
                                limits ->
                                        limits.http2(
                                                Http2Limits.builder().maxFrameSize(larger).build()))
                        .start(handler)) {
            Http2Conversation client = server.connectHttp2(Http2Frames.MAX_FRAME_SIZE, 65536);
            Http2Response response = client.get(1, "/").expectResponse(1).status(200);
            requirePieces(response.pieces(), 2, larger);
            client.expectNothingYet();
        }
    }

    private interface Check {
        void of(Http2Response response);
    }

    private static void cutToFrames(HttpHandler handler, int frames, Check check) {
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            Http2Response response = client.get(1, "/").expectResponse(1).status(200).complete();
            requirePieces(response.pieces(), frames, FRAME);
            check.of(response);
            check.of(client.get(3, "/").expectResponse(3).status(200).complete());
            client.expectNothingYet();
        }
    }

    private static void requirePieces(List<Integer> pieces, int frames, int size) {
        assertThat(pieces.subList(0, pieces.size() - 1))
                .allSatisfy(length -> assertThat(length).isEqualTo(size));
        assertThat(pieces.getLast()).isPositive().isLessThanOrEqualTo(size);
        if (frames > 0) {
            assertThat(pieces).hasSize(frames);
        }
    }
}
