package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.SECOND;
import static dev.kestrel.http2.Http2Attack.beatsUntilEnded;
import static dev.kestrel.http2.Http2Attack.rejections;
import static dev.kestrel.http2.Http2Attack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;

/** Bodies of requests that come too slowly: less than 240 bytes a second after 5 s of grace. */
@Timeout(60)
class SlowBodiesTest {

    private static final int FRAME = 16384;

    /** Sends back what comes, so that a client knows when it is waited for. */
    private static final HttpHandler ECHO = SlowBodiesTest::echo;

    private static void echo(HttpContext ctx) throws IOException {
        InputStream in = ctx.request().inputStream();
        OutputStream out = ctx.response().outputStream();
        out.flush();
        byte[] piece = new byte[FRAME];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            out.write(piece, 0, n);
            out.flush();
        }
    }

    private static void expectTooSlow(
            TestServer server, Http2Conversation client, int atLeast, int atMost) {
        assertThat(beatsUntilEnded(server, client, atMost + 10)).isBetween(atLeast, atMost);
        client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        assertThat(rejections(server, "slowBodies")).isEqualTo(1);
    }

    @Test
    @DisplayName("row 180: a small body that does not go on ends the connection")
    void aSmallBody() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "Hello").expectHeaders(1).status(200);
            client.expectData(1, "Hello");
            expectTooSlow(server, client, 5, 8);
        }
    }

    @Test
    @DisplayName("row 180: what came buys the time that it may take, 16384 / 240")
    void aLargeBody() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, new byte[FRAME]).expectHeaders(1).status(200);
            assertThat(client.readData(1, FRAME)).hasSize(FRAME);
            expectTooSlow(server, client, 68, 71);
        }
    }

    @Test
    @DisplayName("row 180: the bodies of a connection count together")
    void severalBodies() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            for (int id = 1; id <= 3; id += 2) {
                client.post(id, "/").data(id, false, new byte[FRAME]).expectHeaders(id);
                assertThat(client.readData(id, FRAME)).hasSize(FRAME);
            }
            expectTooSlow(server, client, 2 * 68, 2 * 68 + 4);
        }
    }

    @Test
    @DisplayName("row 180: a second body, after a first that was fast enough")
    void aSecondBody() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, true, new byte[FRAME]).expectResponse(1).status(200);
            client.post(3, "/").data(3, false, "Hello").expectHeaders(3).status(200);
            client.expectData(3, "Hello");
            expectTooSlow(server, client, 5, 8);
        }
    }

    @Test
    @DisplayName(
            "row 180: a header block that is open, which has a time of its own, is no excuse for"
                    + " the bodies of other streams: one could follow the other for ever")
    void aHeaderBlockIsNoExcuse() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "Hello").expectHeaders(1).status(200);
            client.expectData(1, "Hello");
            client.headersFrame(3, Http2Frames.END_STREAM, Http2Frames.block(":method", "GET"));
            expectTooSlow(server, client, 5, 8);
        }
    }

    @Test
    @DisplayName("a body at the rate may take as long as it likes")
    void aBodyAtTheRate() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectHeaders(1).status(200);
            for (int i = 0; i < 60; i++) {
                client.data(1, false, new byte[300]);
                assertThat(client.readData(1, 300)).hasSize(300);
                client.advance(SECOND);
            }
            client.data(1, true).expectEndStream(1).expectNothingYet();
        }
    }

    @Test
    @DisplayName("a body that the handler does not wait for is not slow")
    void aBodyThatNobodyWaitsFor() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server = TestServer.startHttp2(gate)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "Hello");
            client.advance(Duration.ofMinutes(5)).expectNothingYet();
            gate.open();
            client.expectResponse(1).status(200).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
        }
    }

    @Test
    @DisplayName(
            "row 181: while the server itself keeps the connection's window closed, because one"
                    + " handler does not read, the body of another is not slow")
    void notWhileTheServerHoldsTheClientUp() {
        try (Gate gate = new Gate();
                TestServer server =
                        server(
                                limits -> limits.initialConnectionWindowSize(4 * FRAME),
                                ctx -> {
                                    if (ctx.request().path().equals("/wait")) {
                                        gate.await();
                                    }
                                    echo(ctx);
                                })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/wait");
            for (int i = 0; i < 4; i++) {
                client.data(1, false, new byte[FRAME]);
            }
            client.post(3, "/").expectHeaders(3).status(200);
            client.advance(Duration.ofMinutes(5)).expectNothingYet();
            gate.open();
            client.expectHeaders(1).status(200);
            assertThat(client.readData(1, 3 * FRAME)).hasSize(3 * FRAME);
            client.windowUpdate(0, 4 * FRAME).windowUpdate(1, 4 * FRAME);
            assertThat(client.readData(1, FRAME)).hasSize(FRAME);
            client.data(1, true).expectEndStream(1);
            client.data(3, true).expectEndStream(3);
        }
    }

    @Test
    @DisplayName("row 182: a handler may allow a slower body")
    void aHandlerMayAllowASlowerBody() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            Objects.requireNonNull(
                                            ctx.features()
                                                    .get(MinDataRate.RequestBodyFeature.class))
                                    .minRequestBodyDataRate(null);
                            echo(ctx);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "Hello").expectHeaders(1).status(200);
            client.expectData(1, "Hello").advance(Duration.ofHours(1));
            client.data(1, true, "!").expectData(1, "!").expectEndStream(1).expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 183: the minimum rate of a response also holds while the server stops")
    void aResponseThatIsNotTakenDoesNotHoldUpAStop() throws Exception {
        try (TestServer server =
                TestServer.startHttp2(ctx -> ctx.response().send(new byte[200_000]))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectHeaders(1).status(200);
            client.ignore(1);
            Thread stop = server.beginStop(Duration.ofHours(1));
            client.expectGoAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
            assertThat(beatsUntilEnded(server, client, 400)).isGreaterThan(5);
            client.expectGoAway(1, Http2Error.NO_ERROR);
            client.expectConnectionError(1, Http2Error.INTERNAL_ERROR);
            stop.join();
            assertThat(rejections(server, "responseStalls")).isEqualTo(1);
        }
    }
}
