package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.beatsUntilEnded;
import static dev.kestrel.http2.Http2Attack.rejections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http2.Http2Attack.HeldApplication;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

/**
 * Idle connections, and clients that do not answer a PING. The server's heart beats once a second.
 */
@Timeout(60)
class Http2IdleTest {

    private static final HttpHandler OK = ctx -> ctx.response().send("ok");

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static TestServer pinging(Duration delay, Duration timeout, HttpHandler handler) {
        return TestServer.http2()
                .limits(
                        l ->
                                l.keepAliveTimeout(KestrelServerLimits.FOREVER)
                                        .http2(
                                                Http2Limits.builder()
                                                        .keepAlivePingDelay(delay)
                                                        .keepAlivePingTimeout(timeout)
                                                        .initialConnectionWindowSize(65_535)
                                                        .build()))
                .start(handler);
    }

    private static TestServer pinging() {
        return pinging(seconds(10), seconds(20), OK);
    }

    /** "GOAWAY NO_ERROR, last stream 0, close." */
    @Test
    void row170_noPreface() {
        try (TestServer server = TestServer.startHttp2(OK)) {
            Http2Conversation client = server.connectHttp2Raw().unchecked();
            assertThat(beatsUntilEnded(server, client, 132)).isGreaterThanOrEqualTo(130);
            client.expectConnectionError(0, Http2Error.NO_ERROR);
        }
    }

    /** "GOAWAY NO_ERROR, last stream 0, close." */
    @Test
    void row171_noRequest() {
        try (TestServer server = TestServer.startHttp2(OK)) {
            Http2Conversation client = server.connectHttp2();
            assertThat(beatsUntilEnded(server, client, 132)).isGreaterThanOrEqualTo(130);
            client.expectConnectionError(0, Http2Error.NO_ERROR);
        }
    }

    /** "GOAWAY NO_ERROR, last stream 1, close." */
    @Test
    void row172_noFurtherRequest() {
        try (TestServer server = TestServer.startHttp2(OK)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200).body("ok");
            assertThat(beatsUntilEnded(server, client, 200)).isGreaterThanOrEqualTo(130);
            client.expectConnectionError(1, Http2Error.NO_ERROR);
        }
    }

    /** "Resets the keep-alive timer." */
    @Test
    void row173_pingKeepsTheConnection() {
        try (TestServer server = TestServer.startHttp2(OK)) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 5; i++) {
                client.advance(seconds(129)).expectQuiet().roundTrip();
            }
            assertThat(beatsUntilEnded(server, client, 132)).isGreaterThanOrEqualTo(130);
        }
    }

    @Test
    void aConnectionWithARequestThatRunsIsNotIdle() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = TestServer.startHttp2(gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").advance(Duration.ofHours(1)).expectQuiet();
            gate.open();
            client.expectResponse(1).status(200);
        }
    }

    /** "No ping." */
    @Test
    void row184_byDefaultTheServerDoesNotPing() {
        try (TestServer server = TestServer.startHttp2(OK)) {
            server.connectHttp2().advance(seconds(129)).expectQuiet();
        }
    }

    /** "One PING; no second one until the ACK." */
    @Test
    void row185_silenceIsAnsweredWithOnePing() {
        try (TestServer server = pinging()) {
            Http2Conversation client = server.connectHttp2();
            client.advance(seconds(9)).expectQuiet().advance(seconds(2));
            long first = client.expectPing();
            client.advance(seconds(15)).expectQuiet().pingAck(first);
            client.advance(seconds(9)).expectQuiet().advance(seconds(2));
            client.expectPing();
        }
    }

    /** "GOAWAY INTERNAL_ERROR, last stream 0." */
    @Test
    void row186_aPingThatIsNotAnsweredEndsTheConnection() {
        try (TestServer server = pinging()) {
            Http2Conversation client = server.connectHttp2();
            client.advance(seconds(11)).expectPing();
            assertThat(beatsUntilEnded(server, client, 22)).isGreaterThanOrEqualTo(18);
            client.expectConnectionError(0, Http2Error.INTERNAL_ERROR);
            assertThat(rejections(server, "pingTimeouts")).isEqualTo(1);
        }
    }

    /** "Connection lives." */
    @Test
    void row187_anyOtherFrameIsAnAnswerToo() {
        try (TestServer server = pinging()) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 5; i++) {
                client.advance(seconds(11)).expectPing();
                client.advance(seconds(15)).priority(1, 0, false, 16).expectQuiet();
            }
        }
    }

    /** "No ping, no GOAWAY." */
    @Test
    void row188_noPingWhileTheServerItselfBlocksInput() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = pinging(seconds(10), seconds(20), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            for (int i = 0; i < 13; i++) {
                client.data(1, false, new byte[5041]);
            }
            client.advance(seconds(300)).expectQuiet();
        }
    }

    /** "No GOAWAY." */
    @Test
    void row189_withoutATimeoutThePingIsWaitedForForEver() {
        try (TestServer server = pinging(seconds(10), KestrelServerLimits.FOREVER, OK)) {
            Http2Conversation client = server.connectHttp2();
            client.advance(seconds(11)).expectPing();
            client.advance(Duration.ofHours(1)).expectQuiet();
        }
    }

    @Test
    void answersToTheServersPingsDoNotKeepAConnectionForEver() {
        try (TestServer server =
                TestServer.http2()
                        .limits(
                                l ->
                                        l.http2(
                                                Http2Limits.builder()
                                                        .keepAlivePingDelay(seconds(50))
                                                        .build()))
                        .start(OK)) {
            Http2Conversation client = server.connectHttp2();
            client.advance(seconds(51)).pingAck(client.expectPing());
            client.advance(seconds(51)).pingAck(client.expectPing());
            assertThat(beatsUntilEnded(server, client, 30)).isGreaterThanOrEqualTo(28);
            client.expectConnectionError(0, Http2Error.NO_ERROR);
        }
    }
}
