package dev.kestrel.http2;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * HTTP/1.1 on a port that speaks HTTP/2, too: what a client sends first decides (RFC 9113 section
 * 3.3, prior knowledge).
 */
@Timeout(30)
class MixedEndpointTest {

    private static final HttpHandler HELLO =
            ctx -> ctx.response().send("Hello " + ctx.request().protocol());
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** SETTINGS with its defaults, and WINDOW_UPDATE of the connection. */
    private static final String SERVER_PREFACE =
            new String(
                    HexFormat.of()
                            .parseHex(
                                    "00001e040000000000"
                                            + "000300000064"
                                            + "0004000c0000"
                                            + "000600008000"
                                            + "000800000001"
                                            + "000900000001"
                                            + "000004080000000000"
                                            + "000f0001"),
                    StandardCharsets.ISO_8859_1);

    @Test
    void anHttp1ClientIsServedAsBefore() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("Hello HTTP/1.1");
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("Hello HTTP/1.1");
        }
    }

    /**
     * "The client connection preface starts with a sequence of 24 octets" (section 3.4): from there
     * on it is HTTP/2, and the server's SETTINGS answer it.
     */
    @Test
    void aPrefaceThatComesByteByByteIsHttp2() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            for (char c : PREFACE.toCharArray()) {
                client.expectNothingYet().sendRaw((byte) c);
            }
            client.expectRaw(SERVER_PREFACE);
        }
    }

    /** Methods that begin like the preface, byte by byte. */
    @ParameterizedTest
    @ValueSource(strings = {"P", "PR", "PRI", "PRIX", "POST", "PROPFIND"})
    void aMethodThatBeginsLikeThePrefaceIsHttp1(String method) {
        try (TestServer server =
                TestServer.start(ctx -> ctx.response().send(ctx.request().method()))) {
            Http1Conversation client = server.connect();
            for (char c : (method + " / HTTP/1.1\r\nHost: x\r\n\r\n").toCharArray()) {
                client.expectNothingYet().sendRaw((byte) c);
            }
            client.expectStatus(200).expectBody(method);
        }
    }

    @Test
    void aRequestThatEndsInTheFirstByteIsHttp1sToRefuse() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("P").finish();
            client.expectStatus(400).readRest();
            client.expectClosed();
        }
    }

    /** As any other head of HTTP/1.1 that does not come in time. */
    @ParameterizedTest
    @ValueSource(strings = {"P", "PRI"})
    void aClientThatStopsInWhatMayBeAMethodIsTold(String begin) {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(begin).expectNothingYet();
            client.advance(Duration.ofSeconds(12));
            client.expectStatus(408).readRest();
            client.expectClosed();
        }
    }

    @Test
    void aClientThatStopsHalfWayThroughThePrefaceIsClosedWithoutAWord() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(PREFACE.substring(0, 20)).expectNothingYet();
            client.advance(Duration.ofSeconds(9)).expectNothingYet();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    @Test
    void aStopDoesNotWaitForTheRestOfThePreface() throws InterruptedException {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(PREFACE.substring(0, 8)).expectNothingYet();
            Thread stop = server.beginStop(LONG);
            client.expectClosed();
            stop.join();
        }
    }

    @Test
    void aClientThatResetsHalfWayIsNoError() {
        try (TestServer server = TestServer.start(HELLO)) {
            server.connect().sendRaw(PREFACE.substring(0, 8)).expectNothingYet().reset();
        }
    }

    /** "HTTP_1_1_REQUIRED (0x0d): The endpoint requires that HTTP/1.1 be used" (section 7). */
    @Test
    void anEndpointOfHttp1AloneSaysSo() {
        try (TestServer server =
                TestServer.builder()
                        .endPoint(endPoint -> endPoint.protocols(HttpVersion.HTTP_1_1))
                        .start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(PREFACE);
            client.expectRaw("\0\0\u0008\u0007\0\0\0\0\0\0\0\0\0\0\0\0\r").expectClosed();
        }
    }
}
