package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.SECOND;
import static dev.kestrel.http2.Http2Attack.expectServed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Random;

/** What a busy client may do, with the default limits. No guard must take it for an attack. */
@Timeout(120)
class Http2HeavyUseTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    private static void expectNoRejections(TestServer server) {
        assertThat(server.server().statistics().guardRejections().values()).containsOnly(0L);
    }

    @Test
    void tenThousandSmallRequestsOneAfterAnother() {
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send("ok"))) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 10_000; i++) {
                expectServed(client, 2 * i + 1);
                client.windowUpdate(0, 2); // Clients that give back each byte at once.
            }
            expectNoRejections(server);
        }
    }

    @Test
    void aHundredRequestsAtATime() {
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send("ok"))) {
            Http2Conversation client = server.connectHttp2();
            for (int round = 0; round < 20; round++) {
                int first = 200 * round + 1;
                for (int i = 0; i < 100; i++) {
                    client.get(first + 2 * i, "/");
                }
                for (int i = 0; i < 100; i++) {
                    client.expectResponse(first + 2 * i).status(200).body("ok");
                }
            }
            expectNoRejections(server);
        }
    }

    @Test
    void aDownloadOf10MiBWithAWindowUpdateForEachFrame() {
        byte[] body = new byte[10 * 1024 * 1024];
        new Random(1).nextBytes(body);
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send(body))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectHeaders(1).status(200);
            int received = 0;
            while (received < body.length) {
                Http2ReceivedFrame frame = client.nextFrame(1);
                assertThat(Http2Frames.nameOf(frame.type())).isEqualTo("DATA");
                int length = frame.payload().length;
                received += length;
                if (length > 0 && received < body.length) {
                    client.windowUpdate(0, length).windowUpdate(1, length);
                }
            }
            expectNoRejections(server);
        }
    }

    @Test
    void anUploadInFramesOf1KiB() {
        HttpHandler counts =
                ctx -> ctx.response().send(String.valueOf(ctx.request().bodyBytes().length));
        try (TestServer server = TestServer.startHttp2(counts)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            byte[] piece = new byte[1024];
            int pieces = 10_000;
            for (long sent = 0; sent < pieces * 1024L; sent += 1024) {
                while (sent - client.windowUpdates(1) > 700_000
                        || sent - client.windowUpdates(0) > 900_000) {
                    client.expectQuiet();
                    Thread.onSpinWait();
                }
                client.data(1, false, piece);
            }
            client.data(1, true);
            client.expectResponse(1).status(200).body(String.valueOf(pieces * 1024));
            expectNoRejections(server);
        }
    }

    /** Messages of a stream that goes both ways are often no longer than this. */
    @Test
    void manySmallMessagesBothWays() {
        HttpHandler echo =
                ctx -> {
                    var in = ctx.request().inputStream();
                    var out = ctx.response().outputStream();
                    byte[] buffer = new byte[100];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        out.write(buffer, 0, n);
                        out.flush();
                    }
                };
        try (TestServer server = TestServer.startHttp2(echo)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            client.data(1, false, "hello").expectHeaders(1).status(200);
            client.expectData(1, "hello");
            for (int i = 0; i < 5000; i++) {
                client.data(1, false, "hello").expectData(1, "hello");
                client.windowUpdate(0, 5).windowUpdate(1, 5);
            }
            client.data(1, true).expectEndStream(1);
            expectNoRejections(server);
        }
    }

    /** Messages one way, as of telemetry: each is at least as long as the header of its frame. */
    @Test
    void manySmallMessagesOneWay() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            for (int i = 0; i < 5000; i++) {
                client.data(1, false, "a message");
            }
            client.data(1, true).expectResponse(1).status(200);
            expectNoRejections(server);
        }
    }

    @Test
    void fiftyCancelledDownloadsIn30Seconds() {
        HttpHandler large = ctx -> ctx.response().send(new byte[1_000_000]);
        try (TestServer server = TestServer.startHttp2(large)) {
            Http2Conversation client = server.connectHttp2();
            client.windowUpdate(0, 1 << 30);
            for (int id = 1; id < 100; id += 2) {
                client.get(id, "/").expectHeaders(id).status(200);
                client.rstStream(id, Http2Error.CANCEL).ignore(id);
                if (id % 10 == 9) {
                    client.advance(SECOND.multipliedBy(6));
                }
            }
            client.expectNothingYet();
            client.get(101, "/").expectHeaders(101).status(200);
            client.ignore(101);
            expectNoRejections(server);
        }
    }

    @Test
    void thirtyPingsASecond() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 120; i++) {
                for (int ping = 0; ping < 30; ping++) {
                    client.roundTrip();
                }
                client.advance(SECOND);
            }
            expectNoRejections(server);
        }
    }
}
