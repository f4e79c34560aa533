package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.INTERNAL_ERROR;
import static dev.kestrel.testkit.Http2Error.NO_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.REFUSED_STREAM;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How a connection ends, and what it leaves behind (RFC 9113 sections 5.4.1 and 6.8). */
@Timeout(30)
class ConnectionEndTest {

    /** Row 164. What a server aborts for is a client that takes too long. */
    @Test
    void row164_anAbortIsSaid() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch aborted = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(aborted::countDown);
                    running.countDown();
                    aborted.await();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            running.await();
            client.headersFrame(3, Http2Frames.END_STREAM, Http2Frames.block(":method", "GET"));
            client.advance(Duration.ofSeconds(31));
            client.expectConnectionError(Integer.MAX_VALUE, INTERNAL_ERROR);
            aborted.await();
        }
    }

    /** Row 165. */
    @Test
    @Tag("half-close")
    void row165_theEndOfTheInput() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            server.connectHttp2().finish().expectGoAway(0, NO_ERROR).expectClosed();
        }
    }

    @Test
    @Tag("half-close")
    void row165_theEndOfTheInputBehindRequests() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.get(7, "/").expectResponse(7).status(200);
            client.finish().expectGoAway(7, NO_ERROR).expectClosed();
        }
    }

    /** Row 167. "An endpoint [...] MUST NOT process any further frames" once it has closed. */
    @Test
    void row167_newStreamsBehindTheEndAreIgnored() throws InterruptedException {
        CountDownLatch requests = new CountDownLatch(2);
        try (TestServer server = TestServer.startHttp2(ctx -> requests.countDown())) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.sendRaw(
                    Http2Frames.join(
                            Http2Frames.frame(Http2Frames.PING, 0, 1, new byte[8]),
                            Http2Frames.frame(
                                    Http2Frames.HEADERS,
                                    Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                                    3,
                                    Http2Frames.block(
                                            ":method", "GET", ":scheme", "http", ":path", "/"))));
            client.expectConnectionError(1, PROTOCOL_ERROR);
            assertThat(requests.getCount()).isEqualTo(1);
        }
    }

    /** Row 168. */
    @Test
    void row168_anErrorOfTheConnectionAbortsAllStreams() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(3);
        CountDownLatch aborted = new CountDownLatch(3);
        CountDownLatch failed = new CountDownLatch(3);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(aborted::countDown);
                    running.countDown();
                    try {
                        ctx.request().bodyBytes();
                    } catch (Exception e) {
                        failed.countDown();
                        throw e;
                    }
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").post(3, "/").post(5, "/");
            running.await();
            client.windowUpdate(0, 0).expectConnectionError(5, PROTOCOL_ERROR);
            aborted.await();
            failed.await();
        }
    }

    /** Row 169. A client that goes away is not an error in the log, which the server checks. */
    @Test
    void row169_aResetOfTheTransportAbortsAllStreams() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch aborted = new CountDownLatch(2);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(aborted::countDown);
                    running.countDown();
                    ctx.request().bodyBytes();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/").post(3, "/");
            running.await();
            client.reset();
            aborted.await();
        }
    }

    @Test
    void row169_aResetWithoutStreams() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            server.connectHttp2().reset();
        }
    }

    /** Without a way to hear from the client nothing can be flow-controlled any more. */
    @Test
    @Tag("half-close")
    void theEndOfTheInputAbortsAllStreams() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(ended::countDown);
                    running.countDown();
                    ended.await();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().get(1, "/");
            running.await();
            client.finish().ignore(1).expectGoAway(1, NO_ERROR).expectGone();
        }
    }

    /** "An unexpected exception ends one connection", also an error on the writer's thread. */
    @Test
    void anErrorOfTheWriterEndsTheConnection() {
        try (Gate gate = new Gate();
                TestServer server = serverWhoseWriterFails(gate)) {
            Http2Conversation client = server.connectHttp2().get(1, "/wait");
            // Two run: it is not the thread of the second that writes.
            client.get(3, "/").expectGone();
        }
    }

    /** "An unexpected exception ends one connection", also where a stream's thread writes. */
    @Test
    void anErrorOfAStreamThatWritesEndsTheConnection() {
        try (Gate gate = new Gate();
                TestServer server = serverWhoseWriterFails(gate)) {
            server.connectHttp2().get(1, "/").expectGone();
        }
    }

    private static TestServer serverWhoseWriterFails(Gate gate) {
        TestServer server =
                TestServer.http2()
                        .options(
                                options ->
                                        options.responseHeaderEncodingSelector(
                                                ConnectionEndTest::failWhenWritten))
                        .start(
                                ctx -> {
                                    ctx.response().header("x", "\u00e9");
                                    ctx.aborted().onFired(gate::open);
                                    if (ctx.request().path().equals("/wait")) {
                                        gate.await();
                                    }
                                });
        server.log().expect("the frame writer has failed");
        return server;
    }

    private static Charset failWhenWritten(String name) {
        String writer = "dev.kestrel.internal.http2.Http2FrameWriter";
        if (StackWalker.getInstance()
                .<Boolean>walk(
                        frames -> frames.anyMatch(frame -> frame.getClassName().equals(writer)))) {
            throw new StackOverflowError("made up for " + name);
        }
        return StandardCharsets.UTF_8;
    }

    /** RFC 9113 section 6.8: "the server MAY send another GOAWAY frame with an updated last". */
    @Test
    void whoGoesOnBehindGoAwayIsRefused() throws InterruptedException {
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.http2()
                                .limits(limits -> limits.maxRequestsPerConnection(1))
                                .start(
                                        ctx -> {
                                            if (ctx.request().path().equals("/wait")) {
                                                gate.await();
                                            }
                                        })) {
            Http2Conversation client = server.connectHttp2().get(1, "/wait");
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            // It was on the way.
            client.get(3, "/").expectResponse(3).status(200).complete();
            client.advance(Duration.ofSeconds(10)).expectGoAway(3, NO_ERROR);
            client.get(5, "/").expectReset(5, REFUSED_STREAM);
            gate.open();
            client.expectResponse(1).status(200).complete();
            client.expectGoAway(3, NO_ERROR).expectClosed();
        }
    }
}
