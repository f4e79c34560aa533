package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Streams share a connection, and none has to wait for another that is slow. */
@Timeout(30)
class FairnessTest {

    /** The window of the connection is opened bit by bit; nobody gets more than a frame ahead. */
    @Test
    void manyStreamsShareTheWindowOfTheConnection() {
        int streams = 20;
        HttpHandler handler = ctx -> ctx.response().send(new byte[200_000]);
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 1 << 20);
            Map<Integer, Integer> got = new HashMap<>();
            for (int id = 1; id < 2 * streams; id += 2) {
                client.get(id, "/").expectHeaders(id).status(200);
            }
            long left = streams * 200_000L;
            long window = 65535;
            while (left > 0) {
                while (window > 0 && left > 0) {
                    Http2ReceivedFrame frame = client.nextFrame();
                    int length = frame.payload().length;
                    got.merge(frame.streamId(), length, Integer::sum);
                    window -= length;
                    left -= length;
                }
                window += 100_000;
                client.windowUpdate(0, 100_000);
            }
            assertThat(got).hasSize(streams);
            assertThat(got.values()).containsOnly(200_000);
        }
    }

    /** Section 5.2.2: a stream whose window is closed "does not affect" others. */
    @Test
    void aStreamWithoutAWindowBlocksNoOther() {
        HttpHandler handler = ctx -> ctx.response().send(new byte[100_000]);
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.windowUpdate(0, 1 << 20);
            client.get(1, "/").expectHeaders(1).status(200);
            for (int id = 3; id < 21; id += 2) {
                client.get(id, "/").windowUpdate(id, 100_000);
                client.expectResponse(id).status(200).body(new byte[100_000]);
            }
            client.expectNothingYet();
            client.windowUpdate(1, 100_000).readData(1, 100_000);
            client.expectEndStream(1);
        }
    }

    /** A body that nobody reads takes its own window, and of the connection's no more than that. */
    @Test
    void anApplicationThatDoesNotReadBlocksNoOther() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    if (ctx.request().path().equals("/slow")) {
                        read.await();
                    }
                    ctx.response().send("" + ctx.request().bodyBytes().length);
                };
        Http2Limits limits =
                Http2Limits.builder()
                        .initialStreamWindowSize(65535)
                        .initialConnectionWindowSize(300_000)
                        .build();
        try (TestServer server = TestServer.http2().limits(l -> l.http2(limits)).start(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/slow");
            for (int i = 0; i < 4; i++) {
                client.data(1, false, new byte[16383]);
            }
            for (int id = 3; id < 21; id += 2) {
                client.post(id, "/");
                for (int i = 0; i < 3; i++) {
                    client.data(id, i == 2, new byte[16384]);
                }
                client.expectResponse(id).status(200).body("49152");
            }
            assertThat(client.windowUpdates(1)).isZero();
            read.countDown();
            client.data(1, true, new byte[3]).expectResponse(1).status(200).body("65535");
        }
    }

    /** The window of the connection is given back for what an application never reads. */
    @Test
    void bodiesThatWereNotReadGiveTheirWindowBack() {
        Http2Limits limits = Http2Limits.builder().initialConnectionWindowSize(65535).build();
        HttpHandler handler = ctx -> ctx.response().send("no");
        try (TestServer server = TestServer.http2().limits(l -> l.http2(limits)).start(handler)) {
            Http2Conversation client = server.connectHttp2();
            long window = 65535;
            for (int id = 1; id < 41; id += 2) {
                client.post(id, "/").data(id, true, new byte[10_000]);
                // The application may have to return first.
                client.ignore(id).advance(Duration.ofSeconds(1)).roundTrip();
                window -= 10_000;
                long back = client.windowUpdates(0);
                if (back > 0) {
                    client.expectWindowUpdates(0, back);
                    window += back;
                }
                assertThat(window).isGreaterThan(20_000);
            }
        }
    }

    /** Section 6.9.1: an empty frame with END_STREAM needs no window. */
    @Test
    void row032_theEndNeedsNoWindow() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().start();
                    ctx.response().flush();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.get(1, "/").expectHeaders(1).status(200);
            client.expectEndStream(1);
            client.settings(Http2Frames.INITIAL_WINDOW_SIZE, 10).expectSettingsAck();
        }
    }
}
