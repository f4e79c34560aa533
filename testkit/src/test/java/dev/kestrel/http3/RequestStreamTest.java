package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.MemoryMultiplexedStream;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Requests as their streams bring them: RFC 9114 sections 4 and 7. */
@Timeout(60)
class RequestStreamTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    private static TestServer start() {
        return TestServer.startHttp3(ECHO);
    }

    @Test
    @DisplayName("a request and its response: one flush, which has the end of the stream")
    void aRequest() {
        try (TestServer server =
                TestServer.startHttp3(ctx -> ctx.response().send(ctx.request().protocol()))) {
            Http3Conversation client = server.connectHttp3().get(0, "/");
            client.expectResponse(0).status(200).body("HTTP/3");
            assertThat(client.stream(0).serverFlushes()).isEqualTo(1);
            client.get(4, "/").expectResponse(4).status(200).body("HTTP/3");
        }
    }

    @Test
    @DisplayName("a body with trailers, frames of unknown types between all others")
    void bodiesAndTrailers() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            String body = ctx.request().bodyText();
                            ctx.response().send(body + ' ' + ctx.request().trailers().get("x-sum"));
                        })) {
            server.connectHttp3()
                    .frame(0, 0x21, new byte[70])
                    .post(0, "/")
                    .frame(0, 0x40, new byte[3])
                    .data(0, false, "one ")
                    .frame(0, 0x21)
                    .data(0, false, "")
                    .data(0, false, "two")
                    .headers(0, false, "x-sum", "2")
                    .frame(0, 0x21, new byte[1])
                    .finish(0)
                    .expectResponse(0)
                    .status(200)
                    .body("one two 2");
        }
    }

    @Test
    @DisplayName("frames of a request mean the same when they come byte by byte")
    void byteByByte() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            byte[] all =
                    Http3Frames.join(
                            Http3Frames.frame(0x21, new byte[5]),
                            Http3Frames.frame(
                                    Http3Frames.HEADERS,
                                    Http3Frames.section(Http3Frames.request("POST", "/"))),
                            Http3Frames.frame(Http3Frames.DATA, (byte) 'a', (byte) 'b'),
                            Http3Frames.frame(
                                    Http3Frames.HEADERS, Http3Frames.section("x-sum", "2")));
            for (byte each : all) {
                client.sendRaw(0, each);
                client.stream(0).awaitServerIdle();
            }
            client.finish(0).expectResponse(0).status(200).body("ab");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xd, 0xf0700})
    @DisplayName("frames before HEADERS, and of kinds that no request has: H3_FRAME_UNEXPECTED")
    void unexpectedFrames(long type) {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .frame(0, type, (byte) 0)
                    .expectConnectionError(Http3Error.FRAME_UNEXPECTED);
            if (type != Http3Frames.DATA) {
                server.connectHttp3()
                        .post(0, "/")
                        .frame(0, type, (byte) 0)
                        .expectConnectionError(Http3Error.FRAME_UNEXPECTED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Http3Frames.DATA, Http3Frames.HEADERS})
    @DisplayName("HEADERS or DATA behind trailers: H3_FRAME_UNEXPECTED")
    void framesBehindTrailers(long type) {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .post(0, "/")
                    .headers(0, false, "x", "1")
                    .frame(0, type, (byte) 0, (byte) 0)
                    .expectConnectionError(Http3Error.FRAME_UNEXPECTED);
        }
    }

    @Test
    @DisplayName("a stream that ends without HEADERS: H3_REQUEST_INCOMPLETE, and no other suffers")
    void incomplete() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.finish(0).expectReset(0, Http3Error.REQUEST_INCOMPLETE);
            client.frame(4, 0x21).finish(4).expectReset(4, Http3Error.REQUEST_INCOMPLETE);
            client.get(8, "/").expectResponse(8).status(200);
        }
    }

    /** RFC 9114 section 7.1. */
    @Test
    void aStreamThatEndsInAFrame() {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .post(0, "/")
                    .sendRaw(0, (byte) 0, (byte) 5, (byte) 'a')
                    .finish(0)
                    .expectConnectionError(Http3Error.FRAME_ERROR);
            server.connectHttp3()
                    .sendRaw(0, (byte) 1)
                    .finish(0)
                    .expectConnectionError(Http3Error.FRAME_ERROR);
        }
    }

    /** Names, each followed by its value. */
    private static List<String> pairs(String fields) {
        return List.of(fields.split("\\|", -1));
    }

    static Stream<List<String>> malformed() {
        return Stream.of(
                pairs(":method|GET|:scheme|https|:path|/|:authority|a|:x|1"),
                pairs(":method|GET|:scheme|https|:path|/|:authority|a|:status|200"),
                pairs(":method|GET|:method|GET|:scheme|https|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:scheme|https|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|/|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|/|:authority|a|:authority|a"),
                pairs("x|1|:method|GET|:scheme|https|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|/|x|1|:authority|a"),
                pairs(":scheme|https|:path|/|:authority|a"),
                pairs(":method|GET|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:authority|a"),
                request("x\0", "1"),
                request("x", "a\0b"),
                request("X-Upper", "1"),
                request("connection", "close"),
                request("proxy-connection", "keep-alive"),
                request("keep-alive", "timeout=5"),
                request("transfer-encoding", "chunked"),
                request("upgrade", "h2c"),
                request("te", "gzip"),
                pairs(":method||:scheme|https|:path|/|:authority|a"),
                pairs(":method|G T|:scheme|https|:path|/|:authority|a"),
                pairs(":method|CONNECT|:path|/|:authority|a:1"),
                pairs(":method|CONNECT|:scheme|https|:authority|a:1"),
                pairs(":method|GET|:scheme|http|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|a b|:path|/|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|/|:authority|u@a"),
                pairs(":method|GET|:scheme|https|:path|/|host|a|host|a"),
                pairs(":method|GET|:scheme|https|:path|/?a b|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|/\u00e9|:authority|a"),
                pairs(":method|GET|:scheme|https|:path|a|:authority|a"),
                // RFC 9114 section 4.3.1: present, not empty, and the same in both places.
                pairs(":method|GET|:scheme|https|:path|/"),
                pairs(":method|GET|:scheme|https|:path|/|:authority|"),
                pairs(":method|GET|:scheme|https|:path|/|:authority||host|a"),
                pairs(":method|GET|:scheme|https|:path|/|:authority|a|host|b"),
                request("content-length", "1", "content-length", "1"),
                request("content-length", "x"));
    }

    private static List<String> request(String... more) {
        return List.of(Http3Frames.request("GET", "/", more));
    }

    /**
     * RFC 9114 section 4.1.2: "Malformed requests or responses MUST be treated as a stream error of
     * type H3_MESSAGE_ERROR." (The original says H3_GENERAL_PROTOCOL_ERROR of some.)
     */
    @ParameterizedTest
    @MethodSource
    void malformed(List<String> fields) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.headers(0, true, fields.toArray(String[]::new))
                    .expectReset(0, Http3Error.MESSAGE_ERROR);
            client.get(4, "/").expectResponse(4).status(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, ''", "1, ab", "2, a", "5, abcdefg"})
    @DisplayName("DATA that is not as long as content-length says: H3_MESSAGE_ERROR")
    void contentLength(String length, String body) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.post(0, "/", "content-length", length)
                    .data(0, true, body)
                    .expectReset(0, Http3Error.MESSAGE_ERROR);
            client.post(4, "/", "content-length", "2")
                    .data(4, true, "ab")
                    .expectResponse(4)
                    .body("ab");
        }
    }

    @Test
    @DisplayName("fields over the limits are answered with 431, far over them refused")
    void tooManyFields() {
        try (TestServer server =
                TestServer.http3()
                        .limits(
                                limits ->
                                        limits.maxRequestHeadersTotalSize(1000)
                                                .maxRequestHeaderCount(10))
                        .start(ECHO)) {
            Http3Conversation client = server.connectHttp3();
            client.get(0, "/", "x", "a".repeat(900)).expectResponse(0).status(431);
            client.get(4, "/", "x", "a".repeat(2000)).expectReset(4, Http3Error.REQUEST_REJECTED);
            client.get(8, "/", fields(10)).expectResponse(8).status(431);
            client.get(12, "/", fields(30)).expectReset(12, Http3Error.REQUEST_REJECTED);
            client.get(16, "/").expectResponse(16).status(200);
        }
    }

    private static String[] fields(int count) {
        return Stream.generate(() -> Stream.of("x", "1"))
                .limit(count)
                .flatMap(each -> each)
                .toArray(String[]::new);
    }

    /** RFC 9204 section 7.4: a string over a limit is an error of its stream. */
    @Test
    void aValueOverTheLimit() {
        try (TestServer server =
                TestServer.http3()
                        .limits(limits -> limits.maxRequestHeadersTotalSize(200_000))
                        .start(ECHO)) {
            Http3Conversation client = server.connectHttp3();
            client.get(0, "/", "x", "a".repeat(40_000))
                    .expectReset(0, Http3Error.QPACK_DECOMPRESSION_FAILED);
            client.get(4, "/").expectResponse(4).status(200);
        }
    }

    /** RFC 9204 section 2.2: what can not be decoded ends the connection. */
    @Test
    void aSectionThatCanNotBeDecoded() {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .frame(0, Http3Frames.HEADERS, (byte) 0, (byte) 0, (byte) 0xff, (byte) 0x7f)
                    .expectConnectionError(Http3Error.QPACK_DECOMPRESSION_FAILED);
            server.connectHttp3()
                    .frame(0, Http3Frames.HEADERS)
                    .expectConnectionError(Http3Error.QPACK_DECOMPRESSION_FAILED);
        }
    }

    @Test
    @DisplayName("a request line over its limit: H3_REQUEST_REJECTED")
    void aLongTarget() {
        try (TestServer server =
                TestServer.http3().limits(limits -> limits.maxRequestLineSize(100)).start(ECHO)) {
            Http3Conversation client = server.connectHttp3();
            client.get(0, "/" + "a".repeat(100)).expectReset(0, Http3Error.REQUEST_REJECTED);
            client.get(4, "/" + "a".repeat(50)).expectResponse(4).status(200);
        }
    }

    @Test
    @DisplayName("a body over its limit is answered with 413")
    void aBodyThatIsTooLarge() {
        try (TestServer server =
                TestServer.http3().limits(limits -> limits.maxRequestBodySize(10)).start(ECHO)) {
            Http3Conversation client = server.connectHttp3();
            client.post(0, "/", "content-length", "11").data(0, false, "a");
            client.expectResponse(0).status(413);
            client.post(4, "/").data(4, false, "a".repeat(11));
            client.expectResponse(4).status(413);
        }
    }

    @Test
    @DisplayName("100 Continue goes out when the body is asked for, and not before")
    void expectContinue() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.post(0, "/", "expect", "100-continue").expectHead(0).status(100);
            client.data(0, true, "body").expectResponse(0).status(200).body("body");
        }
    }

    @Test
    @DisplayName("a fields section waits for the encoder stream; other requests do not")
    void blockedSections() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            MemoryMultiplexedStream encoder =
                    client.openUnidirectionalStream(Http3Frames.ENCODER_STREAM);
            // The pseudo-header fields first: the entry is behind them.
            byte[] fields = tail(Http3Frames.section(Http3Frames.request("GET", "/")));
            byte[] section = Http3Frames.join(new byte[] {2, 0}, fields, new byte[] {(byte) 0x80});
            client.frame(0, Http3Frames.HEADERS, section).finish(0).expectNothingYet(0);
            client.get(4, "/").expectResponse(4).status(200);
            // Set capacity 100; insert with literal name "x": "y".
            write(encoder, 0x3f, 100 - 31, 0x41, 'x', 1, 'y');
            client.expectResponse(0).status(200);
        }
    }

    private static byte[] tail(byte[] section) {
        return Arrays.copyOfRange(section, 2, section.length);
    }

    private static void write(MemoryMultiplexedStream to, int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            to.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
