package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http3Limits;
import dev.kestrel.options.Http3LimitsBuilder;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.MemoryMultiplexedStream;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
            Http3Conversation tiny = server.connectHttp3().post(0, "/");
            Http3Conversation pushes = server.connectHttp3();
            for (int i = 0; i < 40; i++) {
                tiny.data(0, false, "a");
                pushes.controlFrame(Http3Frames.MAX_PUSH_ID, (byte) i);
                control.controlFrame(0x21);
                unknown.frame(0, 0x21);
                empty.data(0, false, "");
                priorities.controlFrame(Http3Frames.PRIORITY_UPDATE, (byte) 0);
            }
            control.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            unknown.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            empty.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            priorities.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            tiny.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            pushes.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            expectRejected(server, "controlFrames");
        }
    }

    @Test
    @DisplayName("a flood of streams of unknown types")
    void floodsOfStreams() throws Exception {
        try (TestServer server = start(limits -> limits.maxControlFrames(20), READ)) {
            Http3Conversation client = server.connectHttp3();
            // SETTINGS are one, too.
            for (int i = 0; i < 19; i++) {
                MemoryMultiplexedStream stream = client.openUnidirectionalStream(0x21);
                assertThat(stream.awaitStopSending()).hasValue(Http3Error.STREAM_CREATION_ERROR);
                stream.finish();
            }
            client.openUnidirectionalStream(0x21);
            client.expectConnectionError(Http3Error.EXCESSIVE_LOAD);
            expectRejected(server, "controlFrames");
        }
    }

    /**
     * CVE-2026-40898: trailers have the limits of a head. RFC 9114 section 4.1.1: "Servers MUST NOT
     * use the H3_REQUEST_REJECTED error code for requests that were partially or fully processed."
     */
    @Test
    void trailersBeyondTheLimits() {
        try (TestServer server =
                TestServer.http3()
                        .limits(
                                limits ->
                                        limits.maxRequestHeadersTotalSize(1000)
                                                .maxRequestHeaderCount(10))
                        .start(READ)) {
            Http3Conversation client = server.connectHttp3();
            client.post(0, "/").headers(0, true, "x", "a".repeat(2000));
            client.expectReset(0, Http3Error.REQUEST_CANCELLED);
            client.post(4, "/").headers(4, true, "x", "a".repeat(1500));
            client.expectReset(4, Http3Error.REQUEST_CANCELLED);
            String[] many = Stream.generate(() -> "x").limit(2 * 11).toArray(String[]::new);
            client.post(8, "/").headers(8, true, many);
            client.expectReset(8, Http3Error.REQUEST_CANCELLED);
            client.post(12, "/").headers(12, true, "x", "1").expectResponse(12).status(200);
            expectRejected(server, "headerList");
        }
    }

    @Test
    @DisplayName("trailers count with the fields of requests that run")
    void liveHeaderBytesOfTrailers() {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestServer server =
                start(
                        limits -> limits.maxLiveHeaderBytes(30_000),
                        ctx -> {
                            ctx.request().bodyBytes();
                            gate.await();
                        })) {
            Http3Conversation client = server.connectHttp3();
            for (long id = 0; id < 8; id += 4) {
                client.post(id, "/").headers(id, true, "x", "y".repeat(14_000));
            }
            client.awaitServerIdle();
            client.post(8, "/").headers(8, true, "x", "y".repeat(14_000));
            client.expectReset(8, Http3Error.EXCESSIVE_LOAD);
            gate.countDown();
            client.expectResponse(0).status(200);
            client.expectResponse(4).status(200);
            expectRejected(server, "liveHeaderBytes");
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

    /** CVE-2026-48748: zero is a limit, too; RFC 9204 section 2.1.2. */
    @Test
    void noBlockedStreams() {
        try (TestServer server = start(limits -> limits.maxBlockedStreams(0), READ)) {
            Http3Conversation client = server.connectHttp3();
            client.frame(0, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80);
            client.expectConnectionError(Http3Error.QPACK_DECOMPRESSION_FAILED);
        }
    }

    /**
     * CVE-2026-48748: who has given up, or was refused after the time of a head, counts no more.
     */
    @Test
    void blockedStreamsAreReleased() {
        try (TestServer server =
                start(
                        limits ->
                                limits.maxBlockedStreams(2)
                                        .maxStreamResets((int) KestrelServerLimits.UNLIMITED),
                        READ)) {
            Http3Conversation client = server.connectHttp3();
            long id = 0;
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 2; i++, id += 4) {
                    client.frame(id, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80);
                    client.awaitServerIdle();
                }
                client.reset(id - 8, Http3Error.REQUEST_CANCELLED);
                client.reset(id - 4, Http3Error.REQUEST_CANCELLED);
                client.awaitServerIdle();
            }
            client.frame(id, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80);
            client.frame(id + 4, Http3Frames.HEADERS, (byte) 2, (byte) 0, (byte) 0x80);
            client.advance(Duration.ofSeconds(32));
            client.expectReset(id, Http3Error.REQUEST_REJECTED);
            client.expectReset(id + 4, Http3Error.REQUEST_REJECTED);
            client.get(id + 8, "/").expectResponse(id + 8).status(200);
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
