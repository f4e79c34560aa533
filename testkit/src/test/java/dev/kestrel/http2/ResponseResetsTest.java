package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpResetFeature;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Responses that the application cuts off, and the frames that were on their way then. */
@Timeout(30)
class ResponseResetsTest {

    /** How a client ends a request that the server has no more use for. */
    private enum Ending {
        DATA,
        WINDOW_UPDATE,
        TRAILERS,
        CONTINUATION;

        void send(Http2Conversation client) {
            switch (this) {
                case DATA -> client.data(1, true, "late");
                case WINDOW_UPDATE -> client.windowUpdate(1, 1).data(1, true, "");
                case TRAILERS -> client.trailers(1, "x", "1");
                case CONTINUATION ->
                        client.headersFrame(1, END_STREAM, block("x", "1"))
                                .continuation(1, END_HEADERS);
            }
        }
    }

    @Test
    @DisplayName("row 152: abort() before the response, after data, and in a read of the body")
    void abort() throws Exception {
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.startHttp2(
                                ctx -> {
                                    switch (ctx.request().path()) {
                                        case "/first" -> ctx.abort();
                                        case "/data" -> {
                                            write(ctx, "hello");
                                            ctx.abort();
                                        }
                                        case "/read" -> {
                                            Thread.startVirtualThread(
                                                    () -> {
                                                        gate.await();
                                                        ctx.abort();
                                                    });
                                            ctx.request().bodyBytes();
                                        }
                                        default -> {}
                                    }
                                })) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/first").expectReset(1, Http2Error.INTERNAL_ERROR);
            client.get(3, "/data");
            client.expectResponse(3).status(200).reset(Http2Error.INTERNAL_ERROR);
            client.post(5, "/read").data(5, false, "hello").roundTrip();
            gate.open();
            client.expectReset(5, Http2Error.INTERNAL_ERROR);
            client.get(7, "/").expectResponse(7).status(200);
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    @DisplayName(
            "row 153: \"An endpoint MUST be prepared to receive\" frames that were on their way when"
                    + " it has sent RST_STREAM: after abort()")
    void lateFramesAfterAnAbort(Ending ending) {
        lateFramesAreDropped(HttpContext::abort, Http2Error.INTERNAL_ERROR, ending);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    @DisplayName("row 154: the same after HttpResetFeature.reset(CANCEL)")
    void lateFramesAfterAReset(Ending ending) {
        lateFramesAreDropped(ctx -> reset(ctx, Http2Error.CANCEL), Http2Error.CANCEL, ending);
    }

    @Test
    @DisplayName("\"Error codes are 32-bit fields\": others are refused, and the stream goes on")
    void codesThatAreNone() {
        HttpHandler resetting =
                ctx -> {
                    for (long code : new long[] {-1, 1L << 32, Long.MAX_VALUE}) {
                        assertThatThrownBy(() -> reset(ctx, code))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("0 to 4294967295, not " + code);
                    }
                    if (ctx.request().path().equals("/last")) {
                        reset(ctx, 0xffff_ffffL);
                    }
                };
        try (TestServer server = TestServer.startHttp2(resetting)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.get(3, "/last").expectReset(3, -1);
            client.expectNothingYet();
        }
    }

    private static void lateFramesAreDropped(HttpHandler handler, int code, Ending ending) {
        try (TestServer server = TestServer.startHttp2(onPost(handler))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectReset(1, code);
            ending.send(client);
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 155: \"A server MAY request that the client abort transmission of a request without"
                    + " error by sending a RST_STREAM with an error code of NO_ERROR after sending a"
                    + " complete response\"")
    void resetAfterTheEnd() {
        afterTheEnd(ctx -> reset(ctx, Http2Error.NO_ERROR), Http2Error.NO_ERROR);
    }

    @Test
    @DisplayName("row 156: abort() after the response was completed")
    void abortAfterTheEnd() {
        afterTheEnd(HttpContext::abort, Http2Error.INTERNAL_ERROR);
    }

    private static void afterTheEnd(HttpHandler handler, int code) {
        try (TestServer server = TestServer.startHttp2(ending(handler))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectResponse(1).status(200).body("hello");
            client.expectReset(1, code);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "rows 155 and 156, of a request without a body: \"An endpoint MUST NOT send frames other"
                    + " than PRIORITY on a closed stream\"")
    void nothingFollowsTheEndOfBothSides() {
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.startHttp2(
                                ending(
                                        ctx -> {
                                            gate.await();
                                            reset(ctx, Http2Error.CANCEL);
                                            ctx.abort();
                                        }))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200).body("hello");
            gate.open();
            client.get(3, "/").expectResponse(3).status(200).body("hello");
            client.expectNothingYet();
        }
    }

    /** Answers, and does something afterwards. */
    private static HttpHandler ending(HttpHandler handler) {
        return ctx -> {
            write(ctx, "hello");
            ctx.response().complete();
            handler.handle(ctx);
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"DATA", "TRAILERS", "CONTINUATION"})
    @DisplayName(
            "row 157: \"An endpoint that receives any frames after receiving a frame with the"
                    + " END_STREAM flag set\" ends the connection with STREAM_CLOSED")
    void framesAfterTheClientsEnd(Ending ending) {
        try (TestServer server = TestServer.startHttp2(onPost(HttpContext::abort))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectReset(1, Http2Error.INTERNAL_ERROR);
            client.data(1, true, "end").roundTrip();
            ending.send(client);
            client.expectConnectionError(1, Http2Error.STREAM_CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"DATA", "TRAILERS"})
    @DisplayName("row 158: so do frames after a RST_STREAM of the client")
    void framesAfterTheClientsReset(Ending ending) {
        try (TestServer server = TestServer.startHttp2(onPost(HttpContext::abort))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectReset(1, Http2Error.INTERNAL_ERROR);
            client.rstStream(1, Http2Error.CANCEL).roundTrip();
            ending.send(client);
            client.expectConnectionError(1, Http2Error.STREAM_CLOSED);
        }
    }

    @Test
    @DisplayName("row 159: a write that waits for the client's window ends when it is aborted")
    void aWriteThatWaitsForTheWindow() {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.startHttp2(
                                ctx -> {
                                    Thread.startVirtualThread(
                                            () -> {
                                                gate.await();
                                                ctx.abort();
                                            });
                                    try {
                                        // More than may wait for the client
                                        // (maxResponseBufferSize).
                                        write(ctx, "a".repeat(200_000));
                                        thrown.complete(new AssertionError("It was written"));
                                    } catch (IOException e) {
                                        thrown.complete(e);
                                    }
                                })) {
            Http2Conversation client = server.connectHttp2(Http2Frames.INITIAL_WINDOW_SIZE, 10);
            client.get(1, "/").expectHeaders(1).status(200);
            assertThat(client.readData(1, 10)).hasSize(10);
            gate.open();
            client.expectReset(1, Http2Error.INTERNAL_ERROR);
            assertThat(thrown.join()).isInstanceOf(IOException.class);
            client.expectNothingYet();
        }
    }

    private static HttpHandler onPost(HttpHandler handler) {
        return ctx -> {
            if (ctx.request().method().equals("POST")) {
                handler.handle(ctx);
            }
        };
    }

    private static void reset(HttpContext ctx, long code) {
        HttpResetFeature feature = ctx.features().get(HttpResetFeature.class);
        assertThat(feature).isNotNull();
        feature.reset(code);
    }

    private static void write(HttpContext ctx, String text) throws IOException {
        ctx.response().outputStream().write(text.getBytes());
        ctx.response().flush();
    }
}
