package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.MinDataRate;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How connections end: in good order, when nothing comes, and for clients that are too slow. */
@Timeout(60)
class Http3ConnectionEndTest {

    private static final long ANY_STREAM = (1L << 62) - 4;

    private static TestServer start() {
        return TestServer.startHttp3(ctx -> ctx.response().send("hello"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 111, 512})
    @DisplayName("a graceful stop: GOAWAY with the number of requests times 4, H3_NO_ERROR")
    void aGracefulStop(int requests) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id < 4L * requests; id += 4) {
                client.get(id, "/").expectResponse(id).status(200);
            }
            // A response is there before its thread has ended.
            client.awaitServerIdle().goAway(0);
            client.expectGoAway(4L * requests).expectClosed();
        }
    }

    @Test
    @DisplayName("with a request that runs: GOAWAY that takes all, then one that takes no more")
    void aGracefulStopInTwoStages() {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            if (ctx.request().path().equals("/wait")) {
                                gate.await();
                            }
                            ctx.response().send("hello");
                        })) {
            Http3Conversation client = server.connectHttp3().get(0, "/wait").awaitServerIdle();
            client.goAway(0);
            client.expectGoAway(ANY_STREAM);
            client.get(4, "/").expectResponse(4).status(200);
            client.advance(Duration.ofSeconds(6));
            client.expectGoAway(8);
            client.get(8, "/").expectReset(8, Http3Error.REQUEST_REJECTED);
            gate.countDown();
            client.expectResponse(0).status(200).body("hello");
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("idle for longer than the keep-alive timeout: H3_NO_ERROR, and not before")
    void idle(boolean afterRequest) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3Raw();
            client.awaitServerIdle();
            if (afterRequest) {
                client.advance(Duration.ofSeconds(100));
                client.get(0, "/").expectResponse(0).status(200);
                client.advance(Duration.ofSeconds(100));
                client.get(4, "/").expectResponse(4).status(200);
            }
            client.advance(Duration.ofSeconds(140));
            client.expectClosed();
        }
    }

    @Test
    @DisplayName("HEADERS that do not come in time: H3_REQUEST_REJECTED; trailers: _CANCELLED")
    void slowHeaders() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            ctx.request().bodyBytes();
                        })) {
            Http3Conversation client = server.connectHttp3();
            client.sendRaw(0, (byte) 1, (byte) 50, (byte) 0, (byte) 0);
            client.post(4, "/").sendRaw(4, (byte) 1, (byte) 50, (byte) 0);
            client.stream(8);
            client.advance(Duration.ofSeconds(32));
            client.expectReset(0, Http3Error.REQUEST_REJECTED);
            // RFC 9114 section 4.1.1: the application has it already.
            client.expectReset(4, Http3Error.REQUEST_CANCELLED);
            client.expectReset(8, Http3Error.REQUEST_REJECTED);
        }
    }

    @Test
    @DisplayName("a section that waits for the encoder stream has the time of a head")
    void slowEncoderStream() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.frame(0, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80).finish(0);
            client.advance(Duration.ofSeconds(32));
            client.expectReset(0, Http3Error.REQUEST_REJECTED);
            client.get(4, "/").expectResponse(4).status(200);
        }
    }

    @Test
    @DisplayName("a body slower than the minimum rate: H3_INTERNAL_ERROR")
    void aSlowBody() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            ctx.request().bodyBytes();
                        })) {
            Http3Conversation client = server.connectHttp3().post(0, "/").data(0, false, "a");
            client.advance(Duration.ofSeconds(10));
            client.expectConnectionError(Http3Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("a response taken slower than the minimum rate: H3_INTERNAL_ERROR")
    void aSlowReader() {
        try (TestServer server =
                TestServer.http3()
                        .transportBuffer(1024)
                        .limits(
                                limits ->
                                        limits.minResponseDataRate(
                                                new MinDataRate(10_000, Duration.ofSeconds(5))))
                        .start(ctx -> ctx.response().send(new byte[100_000]))) {
            Http3Conversation client = server.connectHttp3().get(0, "/");
            client.stream(0).awaitServerBlockedInWrite();
            client.advance(Duration.ofSeconds(20));
            client.expectConnectionError(Http3Error.INTERNAL_ERROR);
        }
    }

    private static TestServer startWithOneThatWaits() {
        return TestServer.http3()
                .transportBuffer(1024)
                .limits(
                        limits ->
                                limits.minResponseDataRate(
                                        new MinDataRate(10_000, Duration.ofSeconds(5))))
                .start(
                        ctx -> {
                            if (ctx.request().path().equals("/waits")) {
                                ctx.response().send(new byte[20_000]);
                                return;
                            }
                            OutputStream out = ctx.response().outputStream();
                            for (int i = 0; i < 10_000; i++) {
                                out.write(new byte[1000]);
                                out.flush();
                            }
                        });
    }

    /** Takes so much of a stream in each of some seconds that the server has to flush again. */
    private static void take(Http3Conversation client, long id, int seconds) throws IOException {
        byte[] bytes = new byte[1024];
        for (int i = 0; i < seconds; i++) {
            for (int left = 4 * bytes.length; left > 0; ) {
                int count = client.stream(id).read(bytes, 0, bytes.length);
                assertThat(count).isPositive();
                left -= count;
            }
            client.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    @DisplayName("a response that waits while the client takes another is not too slow")
    void aResponseThatWaitsForAnother() throws Exception {
        try (TestServer server = startWithOneThatWaits()) {
            Http3Conversation client = server.connectHttp3().get(0, "/waits");
            client.stream(0).awaitServerBlockedInWrite();
            client.get(4, "/moves");
            take(client, 4, 60);
            client.expectResponse(0).status(200);
        }
    }

    @Test
    @DisplayName("it may wait for two minutes more than its time: H3_INTERNAL_ERROR")
    void aResponseThatIsNeverTaken() throws Exception {
        try (TestServer server = startWithOneThatWaits()) {
            Http3Conversation client = server.connectHttp3().get(0, "/waits");
            client.stream(0).awaitServerBlockedInWrite();
            client.get(4, "/moves");
            take(client, 4, 120);
            client.stream(4).awaitServerBlockedInWrite();
            assertThatThrownBy(() -> take(client, 4, 20)).isInstanceOf(IOException.class);
            client.expectConnectionError(Http3Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("a connection that takes so many requests ends after the last")
    void theLastRequest() {
        try (TestServer server =
                TestServer.http3()
                        .limits(limits -> limits.maxRequestsPerConnection(2))
                        .start(ctx -> ctx.response().send("hello"))) {
            Http3Conversation client = server.connectHttp3();
            client.get(0, "/").expectResponse(0).status(200);
            client.get(4, "/").expectResponse(4).status(200);
            client.expectClosed();
        }
    }
}
