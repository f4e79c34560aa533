package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http3Limits;
import dev.kestrel.options.Http3LimitsBuilder;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** What asks much for little (RFC 9114 section 10.5), and what says "enough": see SECURITY.md. */
@Timeout(60)
class Http3AttacksTest {

    private static final HttpHandler READ = ctx -> ctx.response().send(ctx.request().bodyBytes());

    private static TestServer start(UnaryOperator<Http3LimitsBuilder> limits, HttpHandler handler) {
        return TestServer.http3()
                .limits(all -> all.http3(limits.apply(Http3Limits.builder()).build()))
                .start(handler);
    }

    private static void expectRejected(TestServer server, String guard) {
        assertThat(server.server().statistics().guardRejections().get(guard)).isPositive();
    }

    @Test
    @DisplayName("rapid reset (CVE-2023-44487): resets of requests that were not answered")
    void rapidReset() {
        try (TestServer server = start(limits -> limits.maxStreamResets(10), READ)) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id <= 4 * 10; id += 4) {
                client.post(id, "/").reset(id, Http3Error.REQUEST_CANCELLED).awaitServerIdle();
            }
            client.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            expectRejected(server, "streamResets");
        }
    }

    @Test
    @DisplayName("MadeYouReset (CVE-2025-8671): resets that the client makes the server send")
    void provokedResets() {
        try (TestServer server = start(limits -> limits.maxStreamResets(10), READ)) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id <= 4 * 10; id += 4) {
                client.headers(id, true, "x", "1").awaitServerIdle();
            }
            client.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            expectRejected(server, "streamResets");
        }
    }

    @Test
    @DisplayName("a stream that the client has reset counts until its handler has returned")
    void streamsThatStillRunCount() {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestServer server =
                start(limits -> limits.maxStreamsPerConnection(2), ctx -> gate.await())) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id < 8; id += 4) {
                client.get(id, "/").stopSending(id, Http3Error.REQUEST_CANCELLED);
            }
            client.awaitServerIdle();
            assertThat(client.connection().canOpenBidirectionalStream()).isFalse();
            gate.countDown();
            client.awaitServerIdle();
            assertThat(client.connection().canOpenBidirectionalStream()).isTrue();
        }
    }

    @Test
    @DisplayName("floods of frames that bring nothing, on the control stream and on requests")
    void floodsOfFrames() {
        try (TestServer server = start(limits -> limits.maxControlFrames(20), READ)) {
            Http3Conversation control = server.connectHttp3();
            Http3Conversation unknown = server.connectHttp3();
            Http3Conversation empty = server.connectHttp3().post(0, "/");
            Http3Conversation priorities = server.connectHttp3();
            for (int i = 0; i < 40; i++) {
                control.controlFrame(0x21);
                unknown.frame(0, 0x21);
                empty.data(0, false, "");
                priorities.controlFrame(Http3Frames.PRIORITY_UPDATE, (byte) 0);
            }
            control.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            unknown.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            empty.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            priorities.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            expectRejected(server, "controlFrames");
        }
    }

    @Test
    @DisplayName("fields of all requests that run are limited together (CVE-2026-49975)")
    void liveHeaderBytes() {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestServer server =
                TestServer.http3()
                        .limits(
                                limits ->
                                        limits.http3(
                                                Http3Limits.builder()
                                                        .maxLiveHeaderBytes(32 * 1024)
                                                        .build()))
                        .start(
                                ctx -> {
                                    gate.await();
                                    ctx.response().send("hello");
                                })) {
            Http3Conversation client = server.connectHttp3();
            String large = "x".repeat(12 * 1024);
            client.get(0, "/", "x", large).get(4, "/", "x", large).awaitServerIdle();
            client.get(8, "/", "x", large).expectReset(8, Http3Error.REQUEST_REJECTED);
            gate.countDown();
            client.expectResponse(0).status(200);
            client.expectResponse(4).status(200);
            client.awaitServerIdle();
            client.get(12, "/", "x", large).expectResponse(12).status(200);
            expectRejected(server, "liveHeaderBytes");
        }
    }

    @Test
    @DisplayName("more streams that wait for the encoder stream than SETTINGS allow")
    void tooManyBlockedStreams() {
        try (TestServer server = start(limits -> limits.maxBlockedStreams(2), READ)) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id < 12; id += 4) {
                client.frame(id, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80);
            }
            client.expectConnectionError(Http3Error.QPACK_DECOMPRESSION_FAILED);
        }
    }
}
