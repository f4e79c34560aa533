package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.expectServed;
import static dev.kestrel.http2.Http2Attack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpHandler;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Bodies of requests: as fast as the handler reads, and no more than it may leave unread. */
@Timeout(60)
class RequestBodyTest {

    private static final int FRAME = 16384;
    private static final int SMALLEST_WINDOW = 65535;
    private static final HttpHandler COUNT =
            ctx -> {
                InputStream in = ctx.request().inputStream();
                byte[] piece = new byte[10_000];
                long count = 0;
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    count += n;
                }
                ctx.response().send(Long.toString(count));
            };

    @Test
    @DisplayName("an upload of any size passes through the smallest windows when it is read")
    void aLargeUpload() {
        try (TestServer server =
                server(
                        limits ->
                                limits.initialConnectionWindowSize(SMALLEST_WINDOW)
                                        .initialStreamWindowSize(SMALLEST_WINDOW),
                        COUNT)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            long frames = 400;
            // A client that uses each window to its end before it waits.
            long connection = SMALLEST_WINDOW;
            long stream = SMALLEST_WINDOW;
            for (int i = 0; i < frames; i++) {
                while (stream < FRAME) {
                    stream += client.nextWindowUpdate(1);
                }
                while (connection < FRAME) {
                    connection += client.nextWindowUpdate(0);
                }
                client.data(1, false, new byte[FRAME]);
                stream -= FRAME;
                connection -= FRAME;
            }
            client.data(1, true);
            client.expectResponse(1).status(200).body(Long.toString(frames * FRAME));
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "what a handler does not read waits in memory up to the window, and not a byte more")
    void aHandlerThatDoesNotReadHoldsTheClientUp() {
        try (Gate gate = new Gate();
                TestServer server =
                        server(
                                limits -> limits.initialStreamWindowSize(4 * FRAME),
                                ctx -> {
                                    gate.await();
                                    ctx.request().bodyBytes();
                                })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            for (int i = 0; i < 4; i++) {
                client.data(1, false, new byte[FRAME]);
            }
            client.expectNothingYet();
            assertThat(client.windowUpdates(1)).isZero();
            assertThat(client.windowUpdates(0)).isZero();
            assertThat(server.pool().rentedBlocks()).isBetween(4, 8);
            client.data(1, false, "x").expectReset(1, Http2Error.FLOW_CONTROL_ERROR);
            // Nobody can read it any more, so nobody keeps it.
            client.roundTrip();
            assertThat(server.pool().rentedBlocks()).isLessThan(4);
            gate.open();
        }
    }

    @Test
    @DisplayName("one request that is not read does not hold up the body of another")
    void bodiesDoNotWaitForEachOther() {
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.startHttp2(
                                ctx -> {
                                    if (ctx.request().path().equals("/wait")) {
                                        gate.await();
                                    }
                                    COUNT.handle(ctx);
                                })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/wait").data(1, false, new byte[FRAME]);
            for (int id = 3; id < 9; id += 2) {
                client.post(id, "/").data(id, false, new byte[FRAME]).data(id, true, "end");
                client.expectResponse(id).status(200).body(Integer.toString(FRAME + 3));
            }
            gate.open();
            client.data(1, true);
            client.expectResponse(1).status(200).body(Integer.toString(FRAME));
        }
    }

    @Test
    @DisplayName("a body that is sent byte by byte, with empty frames in between, is one body")
    void manySmallFrames() {
        try (TestServer server = TestServer.startHttp2(COUNT)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/", "content-length", "50");
            for (int i = 0; i < 50; i++) {
                client.data(1, false, "x");
                if (i % 10 == 0) {
                    client.data(1, false);
                }
            }
            client.data(1, true);
            client.expectResponse(1).status(200).body("50");
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("a handler sees bytes as they come, and its answer goes out before the body ends")
    void bothSidesTalkAtOnce() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            InputStream in = ctx.request().inputStream();
                            OutputStream out = ctx.response().outputStream();
                            for (int b = in.read(); b >= 0; b = in.read()) {
                                out.write(b);
                                out.flush();
                            }
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "a").expectHeaders(1).status(200);
            client.expectData(1, "a").data(1, false, "bc").expectData(1, "bc");
            client.data(1, true).expectEndStream(1);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("\"trailers\": a field section behind the body, seen once the body was read")
    void trailers() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            boolean early = ctx.request().trailersAvailable();
                            String text = ctx.request().bodyText();
                            ctx.response()
                                    .send(
                                            text
                                                    + early
                                                    + ctx.request().trailersAvailable()
                                                    + ctx.request().trailers().get("x-checksum")
                                                    + ctx.request().headers().get("x-checksum"));
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "body ").expectNothingYet();
            client.trailers(1, "x-checksum", "17");
            client.expectResponse(1).status(200).body("body falsetrue17null");
            // The next use of the same object knows nothing of them.
            client.post(3, "/").data(3, true, "body ");
            client.expectResponse(3).status(200).body("body falsetruenullnull");
        }
    }

    @Test
    @DisplayName("row 85: trailers that come before all of content-length are a stream error")
    void trailersThatComeTooEarly() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            if (ctx.request().method().equals("POST")) {
                                try {
                                    ctx.request().bodyBytes();
                                } catch (IOException e) {
                                    seen.complete(e);
                                    throw e;
                                }
                            }
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/", "content-length", "10").data(1, false, "short");
            client.trailers(1, "x-checksum", "17").expectReset(1, Http2Error.PROTOCOL_ERROR);
            assertThat(seen.join()).isInstanceOf(StreamResetException.class);
            expectServed(client, 3);
        }
    }

    @Test
    @DisplayName(
            "row 103: a reset wakes a handler that waits for the stream's window, and others go on")
    void aResetEndsAWaitForTheWindowOfTheStream() {
        aResetEndsAWaitForTheWindow(10, 65535);
    }

    @Test
    @DisplayName("row 103: and one that waits for the connection's")
    void aResetEndsAWaitForTheWindowOfTheConnection() {
        aResetEndsAWaitForTheWindow(1_000_000, 65535);
    }

    private static void aResetEndsAWaitForTheWindow(int streamWindow, int connectionWindow) {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            if (ctx.request().path().equals("/small")) {
                                ctx.response().send("small");
                                return;
                            }
                            try {
                                ctx.response().send(new byte[500_000]);
                            } catch (IOException e) {
                                seen.complete(e);
                                throw e;
                            }
                        })) {
            Http2Conversation client =
                    server.connectHttp2(Http2Frames.INITIAL_WINDOW_SIZE, streamWindow);
            client.get(1, "/").expectHeaders(1).status(200);
            int first = Math.min(streamWindow, connectionWindow);
            assertThat(client.readData(1, first)).hasSize(first);
            client.rstStream(1, Http2Error.CANCEL);
            assertThat(seen.join())
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            e -> {
                                assertThat(e.isByPeer()).isTrue();
                                assertThat(e.errorCode()).isEqualTo(Http2Error.CANCEL);
                            });
            client.windowUpdate(0, 100);
            client.get(3, "/small").expectResponse(3).status(200).body("small");
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 104: a reset by the client gives unread bytes back to the connection's window")
    void aResetGivesUnreadBytesBack() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server =
                        server(
                                limits -> limits.initialConnectionWindowSize(SMALLEST_WINDOW),
                                gate)) {
            Http2Conversation client = server.connectHttp2();
            // More in all than the window, so each stream needs what the one before gave back.
            for (int id = 1; id < 9; id += 2) {
                client.post(id, "/");
                for (int i = 0; i < 3; i++) {
                    client.data(id, false, new byte[FRAME]);
                }
                client.rstStream(id, Http2Error.CANCEL).expectWindowUpdate(0, 3 * FRAME);
                assertThat(client.windowUpdates(id)).isZero();
            }
            gate.open();
            expectServed(client, 9);
        }
    }

    @Test
    @DisplayName("a handler that waits for its body finds out that the client has reset the stream")
    void aResetWakesAReader() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            InputStream in = ctx.request().inputStream();
                            assertThat(in.read()).isEqualTo('x');
                            reading.countDown();
                            assertThatThrownBy(in::read)
                                    .satisfies(e -> assertThatThrownBy(in::read).isSameAs(e))
                                    .satisfies(seen::complete);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "x");
            reading.await();
            client.rstStream(1, Http2Error.CANCEL);
            assertThat(seen.join())
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            e -> {
                                assertThat(e.isByPeer()).isTrue();
                                assertThat(e.errorCode()).isEqualTo(Http2Error.CANCEL);
                            });
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("the end of a connection is no end of the bodies that came on it")
    void theEndOfTheConnectionIsNotTheEndOfABody() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            InputStream in = ctx.request().inputStream();
                            assertThat(in.read()).isEqualTo('x');
                            reading.countDown();
                            assertThatThrownBy(in::read).satisfies(seen::complete);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "x");
            reading.await();
            client.reset();
            assertThat(seen.join()).isInstanceOf(IOException.class);
        }
    }
}
