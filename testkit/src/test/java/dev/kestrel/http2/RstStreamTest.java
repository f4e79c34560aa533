package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.CANCEL;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.STREAM_CLOSED;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** RST_STREAM from the client (RFC 9113 section 6.4). */
@Timeout(30)
class RstStreamTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    /** Row 94. "If a RST_STREAM frame is received with a stream identifier of 0x00". */
    @Test
    void row094_onTheConnection() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().rstStream(0, CANCEL).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 95. */
    @Test
    void row095_onAnEvenStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().rstStream(2, CANCEL).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 96. "identifying an idle stream is received, the recipient MUST treat this as". */
    @Test
    void row096_onAnIdleStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().rstStream(1, CANCEL).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 97. "a length other than 4 octets MUST be treated as a connection error". */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void row097_anotherLength(int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.frame(RST_STREAM, 0, 1, new byte[length]);
            client.expectConnectionError(1, FRAME_SIZE_ERROR);
        }
    }

    /** Row 98. */
    @Test
    void row098_insideAHeaderBlock() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, block(":method", "GET"));
            client.rstStream(1, CANCEL).expectConnectionError(1, PROTOCOL_ERROR);
        }
    }

    /** Row 99. "MAY treat receipt of any other type of frame on a closed stream as". */
    @Test
    void row099_dataBehindItEndsTheConnection() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.rstStream(1, CANCEL).data(1, false, "x");
            client.expectConnectionError(1, STREAM_CLOSED);
        }
    }

    /** Row 100. "MAY treat receipt of any other type of frame on a closed stream as". */
    @Test
    void row100_trailersBehindItEndTheConnection() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.rstStream(1, CANCEL).trailers(1, "a", "b");
            client.expectConnectionError(1, STREAM_CLOSED);
        }
    }

    /** Row 101. */
    @Test
    void row101_aSecondOneIsIgnored() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.rstStream(1, CANCEL).rstStream(1, CANCEL).expectNothingYet();
            client.get(3, "/").expectResponse(3).status(200);
        }
    }

    /** Row 102: while the application runs still; later it is ignored. */
    @Test
    void row102_windowUpdateBehindItIsAnErrorOfTheStream() {
        try (Gate gate = new Gate();
                TestServer server = TestServer.startHttp2(ctx -> gate.await())) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.rstStream(1, CANCEL).windowUpdate(1, 1).expectReset(1, STREAM_CLOSED);
            gate.open();
            client.get(3, "/").expectResponse(3).status(200);
        }
    }

    /** "To avoid looping, an endpoint MUST NOT send a RST_STREAM in response to a RST_STREAM". */
    @Test
    void itIsNotAnswered() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().post(1, "/").rstStream(1, CANCEL).expectNothingYet();
        }
    }

    /** Row 103. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void row103_anApplicationThatWaitsForAWindowGoesOn(boolean ofTheStream) throws Exception {
        byte[] large = new byte[1 << 20];
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        HttpHandler handler =
                ctx -> {
                    if (ctx.request().path().equals("/small")) {
                        ctx.response().send("small");
                        return;
                    }
                    try {
                        ctx.response().send(large);
                        seen.complete(new AssertionError("It was written"));
                    } catch (Exception e) {
                        seen.complete(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client =
                    ofTheStream
                            ? server.connectHttp2().windowUpdate(0, 1000)
                            : server.connectHttp2(INITIAL_WINDOW_SIZE, 1 << 20);
            client.get(1, "/large").expectHeaders(1).status(200);
            client.readData(1, 65535);
            client.get(3, "/small").expectHeaders(3).status(200);
            client.rstStream(1, CANCEL);
            assertThat(seen.get()).isInstanceOf(StreamResetException.class);
            client.windowUpdate(0, 1000).expectData(3, "small").expectEndStream(3);
            client.expectNothingYet();
        }
    }

    /** Row 104. "Flow-controlled frames [...] count toward the connection flow-control window". */
    @Test
    void row104_anUnreadBodyIsGivenBackToTheConnection() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        HttpHandler waiting =
                ctx -> {
                    CountDownLatch aborted = new CountDownLatch(1);
                    ctx.aborted().onFired(aborted::countDown);
                    running.countDown();
                    aborted.await();
                };
        Http2Limits limits = Http2Limits.builder().initialConnectionWindowSize(65535).build();
        try (TestServer server = TestServer.http2().limits(l -> l.http2(limits)).start(waiting)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            for (int i = 0; i < 4; i++) {
                client.data(1, false, new byte[15000]);
            }
            running.await();
            client.rstStream(1, CANCEL).expectWindowUpdates(0, 60000).expectNothingYet();
        }
    }

    /** The application learns of it while it reads. */
    @Test
    void aReaderIsTold() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        HttpHandler reading =
                ctx -> {
                    try {
                        ctx.request().bodyBytes();
                    } catch (Exception e) {
                        seen.complete(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.startHttp2(reading)) {
            server.connectHttp2().post(1, "/").data(1, false, "a").rstStream(1, CANCEL);
            assertThat(seen.get()).isInstanceOf(StreamResetException.class);
        }
    }
}
