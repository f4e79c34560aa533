package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.SECOND;
import static dev.kestrel.http2.Http2Attack.beatsUntilEnded;
import static dev.kestrel.http2.Http2Attack.rejections;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Objects;

/**
 * Clients that ask for responses and do not take them, by a window of nothing or by not reading:
 * the second half of CVE-2026-49975. 240 bytes a second after 5 s of grace is the default rate.
 */
@Timeout(60)
class Http2StalledReaderTest {

    private static final HttpHandler SMALL = ctx -> ctx.response().send("Hello, world");
    private static final HttpHandler LARGE = ctx -> ctx.response().send(new byte[1_000_000]);

    private static void expectStalled(TestServer server, Http2Conversation client) {
        client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        assertThat(rejections(server, "responseStalls")).isEqualTo(1);
    }

    /**
     * "Client gives no window, response slower than MinResponseDataRate: GOAWAY INTERNAL_ERROR."
     */
    @Test
    void row179_noWindowForASmallResponse() {
        try (TestServer server = TestServer.startHttp2(SMALL)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 6);
            client.get(1, "/").expectHeaders(1).status(200);
            client.expectData(1, "Hello,");
            assertThat(beatsUntilEnded(server, client, 100)).isGreaterThan(5);
            expectStalled(server, client);
        }
    }

    @Test
    void row179_noWindowForALargeResponse() {
        try (TestServer server = TestServer.startHttp2(LARGE)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectHeaders(1).status(200);
            client.readData(1, 65_535);
            // What was taken buys the time that it may take: 65535 / 240.
            assertThat(beatsUntilEnded(server, client, 400)).isGreaterThan(273);
            expectStalled(server, client);
        }
    }

    @Test
    void row179_noWindowOfTheConnectionForSeveralResponses() {
        try (TestServer server = TestServer.startHttp2(LARGE)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
            for (int id = 1; id <= 5; id += 2) {
                client.get(id, "/").expectHeaders(id).status(200);
                client.ignore(id);
            }
            assertThat(beatsUntilEnded(server, client, 400)).isGreaterThan(5);
            expectStalled(server, client);
        }
    }

    /** "A stall timeout that a dripping WINDOW_UPDATE cannot reset." */
    @Test
    void windowsThatDripDoNotKeepAConnection() {
        try (TestServer server = TestServer.startHttp2(LARGE)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.get(1, "/").expectHeaders(1).status(200);
            int beats = 0;
            while (!client.connection().isEndedByServer()) {
                client.windowUpdate(1, 1).advance(SECOND);
                client.awaitServerIdle();
                assertThat(++beats).isLessThan(200);
            }
            assertThat(beats).isGreaterThan(5);
            client.ignore(1);
            expectStalled(server, client);
        }
    }

    @Test
    void windowsAtTheRateKeepAConnection() {
        try (TestServer server = TestServer.startHttp2(LARGE)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.get(1, "/").expectHeaders(1).status(200);
            for (int i = 0; i < 200; i++) {
                client.windowUpdate(1, 240).readData(1, 240);
                client.advance(SECOND);
            }
            client.expectNothingYet();
        }
    }

    @Test
    void aHandlerMayAllowASlowerResponse() {
        HttpHandler handler =
                ctx -> {
                    Objects.requireNonNull(ctx.features().get(MinDataRate.ResponseFeature.class))
                            .minResponseDataRate(null);
                    ctx.response().send("Hello, world");
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.get(1, "/").expectHeaders(1).status(200);
            client.advance(Duration.ofHours(1));
            client.windowUpdate(1, 100).expectData(1, "Hello, world").expectEndStream(1);
        }
    }

    /** "Socket back-pressure: connection aborted (the GOAWAY cannot be delivered)." */
    @Test
    void row178_aClientThatDoesNotRead() {
        try (TestServer server = TestServer.http2().transportBuffer(1000).start(LARGE)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
            client.windowUpdate(0, 1 << 30).get(1, "/");
            client.connection().awaitServerBlockedInWrite();
            int beats = 0;
            while (!client.connection().isEndedByServer()) {
                server.time().advance(SECOND);
                assertThat(++beats).isLessThan(5000);
            }
            assertThat(beats).isGreaterThan(5);
            assertThat(rejections(server, "slowResponses")).isEqualTo(1);
            assertThatThrownBy(() -> client.connection().inputStream().readAllBytes())
                    .isInstanceOf(ConnectionResetException.class);
        }
    }

    /**
     * Rows 195 and 196: the original bounds its queues. Here a stream is in each of them once or
     * not at all, so all streams that there may be can wait for the connection's window.
     */
    @Test
    void row195And196_allStreamsMayWaitForTheConnectionsWindow() {
        HttpHandler handler = ctx -> ctx.response().send(new byte[2000]);
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/").expectHeaders(2 * i + 1).status(200);
            }
            client.windowUpdate(0, 200_000);
            for (int i = 0; i < 100; i++) {
                client.readData(2 * i + 1, 2000);
                client.expectEndStream(2 * i + 1);
            }
            client.expectNothingYet();
        }
    }

    /** A client that cancels what it does not take has taken it, as far as the server cares. */
    @Test
    void responsesThatAreCancelledStallNothing() {
        try (TestServer server = TestServer.startHttp2(LARGE)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            for (int id = 1; id <= 41; id += 2) {
                client.get(id, "/").expectHeaders(id).status(200);
                client.advance(Duration.ofSeconds(3)).rstStream(id, Http2Error.CANCEL);
                client.advance(Duration.ofSeconds(3));
            }
            client.expectNothingYet();
            assertThat(Http2Frames.nameOf(client.get(43, "/").nextFrame(43).type()))
                    .isEqualTo("HEADERS");
        }
    }
}
