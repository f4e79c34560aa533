package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.HTTP_1_1_REQUIRED;
import static dev.kestrel.testkit.Http2Error.NO_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;

/** How a connection begins (RFC 9113 section 3.4). Rows are those of the original's tests. */
@Timeout(30)
class PrefaceTest {

    private static final HttpHandler HELLO = ctx -> ctx.response().send("hello");

    /** Row 1. "The server connection preface consists of a potentially empty SETTINGS frame". */
    @Test
    void row001_thePrefaceIsAnsweredWithSettingsAndAWindow() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw();
            client.preface().settings().expectSettings();
            client.settingsAck().expectSettingsAck().expectWindowUpdate(0, 983041);
            client.get(1, "/").expectResponse(1).status(200).body("hello");
        }
    }

    @Test
    void row001_byteForByte() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw();
            for (byte one : Http2Frames.preface()) {
                client.sendRaw(one).awaitServerIdle();
            }
            for (byte one : frame(Http2Frames.SETTINGS, 0, 0)) {
                client.sendRaw(one).awaitServerIdle();
            }
            client.expectSettings();
            client.settingsAck().expectSettingsAck();
            client.get(1, "/").expectResponse(1).status(200).body("hello");
        }
    }

    /** "This sequence MUST be followed by a SETTINGS frame". */
    @Test
    void theFirstFrameIsSettings() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw();
            client.preface().get(1, "/").expectSettings();
            client.expectGoAway(0, PROTOCOL_ERROR).expectGone();
        }
    }

    /** Row 2. */
    @Test
    @Tag("clear-text")
    void row002_http11IsToldThatThisIsHttp2() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(400)
                    .expectBody("An HTTP/1.x request was sent to an HTTP/2 only endpoint.\n")
                    .expectGone();
        }
    }

    /** Row 3. "Clients and servers MUST treat an invalid connection preface as" PROTOCOL_ERROR. */
    @Test
    void row003_aLongHttp11RequestLineIsAnInvalidPreface() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw().unchecked();
            client.sendRaw(bytes("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
            client.expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    @Test
    void whatIsNoPrefaceIsAProtocolError() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw().unchecked();
            client.sendRaw(bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r_"));
            client.expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 5. */
    @Test
    void row005_aClientThatSaysNothingIsNoError() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            server.connectHttp2Raw().unchecked().finish().ignore(0).expectGone();
        }
    }

    @Test
    void aClientThatLeavesBehindHalfAPrefaceIsNoError() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            Http2Conversation client = server.connectHttp2Raw().unchecked();
            client.sendRaw(bytes("PRI * HTTP/2.0\r\n")).finish().ignore(0).expectGone();
        }
    }

    /** Row 7. */
    @Test
    void row007_anEndpointWithoutHttp2SaysSoInAFrame() {
        try (TestServer server =
                TestServer.builder()
                        .endPoint(e -> e.protocols(HttpVersion.HTTP_1_1))
                        .start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(Http2Frames.preface()).sendRaw(frame(Http2Frames.SETTINGS, 0, 0));
            client.expectRaw(
                    new String(
                            frame(Http2Frames.GOAWAY, 0, 0, ints(0, HTTP_1_1_REQUIRED)),
                            StandardCharsets.ISO_8859_1));
            client.expectGone();
        }
    }

    @Test
    void anEndpointOfBothTakesBoth() {
        try (TestServer server =
                TestServer.builder()
                        .endPoint(e -> e.protocols(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2))
                        .start(HELLO)) {
            server.connectHttp2().get(1, "/").expectResponse(1).status(200).body("hello");
            Http1Conversation old = server.connect();
            old.send("GET / HTTP/1.1", "Host: x", "").expectStatus(200).expectBody("hello");
        }
    }

    @Test
    @Tag("half-close")
    void aConnectionThatOnlyShookHandsEndsInGoodOrder() {
        try (TestServer server = TestServer.startHttp2(HELLO)) {
            server.connectHttp2().finish().expectGoAway(0, NO_ERROR).expectClosed();
        }
    }
}
