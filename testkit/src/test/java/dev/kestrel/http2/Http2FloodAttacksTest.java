package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.UNLIMITED;
import static dev.kestrel.http2.Http2Attack.expectRefused;
import static dev.kestrel.http2.Http2Attack.expectServed;
import static dev.kestrel.http2.Http2Attack.rejections;
import static dev.kestrel.http2.Http2Attack.server;
import static dev.kestrel.http2.Http2Attack.times;
import static dev.kestrel.testkit.Http2Frames.ACK;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.PRIORITY;
import static dev.kestrel.testkit.Http2Frames.PRIORITY_UPDATE;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;
import static dev.kestrel.testkit.Http2Frames.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;

/**
 * Frames that cost little to send and bring nothing (CVE-2019-9511 to 9518). Row 200 says that the
 * original has no counter for them; here one budget is for all.
 */
@Timeout(60)
class Http2FloodAttacksTest {

    private static final int LIMIT = 50;

    /** Answers when the body has ended, which it does not do by itself. */
    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    /** Stream 1 is open and waits for its body, stream 3 was answered. */
    private enum Flood {
        SETTINGS_FRAMES(frame(SETTINGS, 0, 0)),
        SETTINGS_ACKNOWLEDGED(frame(SETTINGS, ACK, 0)),
        SETTINGS_OF_MANY_PARAMETERS(
                frame(SETTINGS, 0, 0, times(2730, settings(Http2Frames.HEADER_TABLE_SIZE, 100)))),
        WINDOW_SIZES_UP_AND_DOWN(
                frame(SETTINGS, 0, 0, settings(INITIAL_WINDOW_SIZE, 0, INITIAL_WINDOW_SIZE, 1000))),
        PINGS(frame(PING, 0, 0, new byte[8])),
        PINGS_ANSWERED(frame(PING, ACK, 0, new byte[8])),
        PRIORITIES(frame(PRIORITY, 0, 1, new byte[5])),
        PRIORITIES_OF_IDLE_STREAMS(frame(PRIORITY, 0, 999, new byte[5])),
        PRIORITY_UPDATES(frame(PRIORITY_UPDATE, 0, 0, join(ints(1), Http2Frames.bytes("u=1")))),
        PRIORITY_UPDATES_OF_IDLE_STREAMS(
                frame(PRIORITY_UPDATE, 0, 0, join(ints(999), Http2Frames.bytes("u=1")))),
        WINDOWS_OF_THE_CONNECTION(frame(WINDOW_UPDATE, 0, 0, ints(1))),
        WINDOWS_OF_A_STREAM(frame(WINDOW_UPDATE, 0, 1, ints(1))),
        WINDOWS_OF_A_CLOSED_STREAM(frame(WINDOW_UPDATE, 0, 3, ints(1))),
        RESETS_OF_A_CLOSED_STREAM(frame(RST_STREAM, 0, 3, ints(8))),
        UNKNOWN_FRAMES(frame(42, 0, 0, new byte[100])),
        EMPTY_DATA(frame(DATA, 0, 1)),
        PADDED_EMPTY_DATA(frame(DATA, Http2Frames.PADDED, 1, new byte[] {3, 0, 0, 0})),
        TINY_DATA(frame(DATA, 0, 1, new byte[1]));

        private final byte[] bytes;

        Flood(byte... bytes) {
            this.bytes = bytes;
        }
    }

    private static Http2Conversation client(TestServer server) {
        Http2Conversation client = server.connectHttp2();
        client.post(1, "/");
        expectServed(client, 3);
        return client;
    }

    @ParameterizedTest
    @EnumSource
    void aFloodIsRefused(Flood flood) {
        try (TestServer server = server(limits -> limits.maxControlFrames(LIMIT), ECHO)) {
            Http2Conversation client = client(server);
            client.sendRaw(times(2 * LIMIT, flood.bytes));
            expectRefused(server, client, "controlFrames");
        }
    }

    @ParameterizedTest
    @EnumSource
    void someOfThemAreFine(Flood flood) {
        try (TestServer server = server(limits -> limits.maxControlFrames(LIMIT), ECHO)) {
            Http2Conversation client = client(server);
            client.sendRaw(times(LIMIT - 10, flood.bytes)).roundTrip();
            expectServed(client, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWholeBudgetComesBackIn30Seconds(Flood flood) {
        try (TestServer server =
                TestServer.http2()
                        .limits(
                                l ->
                                        l.minRequestBodyDataRate(null)
                                                .http2(
                                                        Http2Limits.builder()
                                                                .maxControlFrames(LIMIT)
                                                                .build()))
                        .start(ECHO)) {
            Http2Conversation client = client(server);
            for (int i = 0; i < 10; i++) {
                client.sendRaw(times(LIMIT - 10, flood.bytes));
                client.advance(Duration.ofSeconds(30));
            }
            client.roundTrip();
            expectServed(client, 5);
        }
    }

    @Test
    void mixingTheKindsBuysNothing() {
        try (TestServer server = server(limits -> limits.maxControlFrames(100), ECHO)) {
            Http2Conversation client = client(server);
            for (Flood flood : Flood.values()) {
                client.sendRaw(times(10, flood.bytes));
            }
            expectRefused(server, client, "controlFrames");
        }
    }

    /** A byte of body does not pay for a frame that brings nothing. */
    @Test
    void tinyDataPayForNothing() {
        try (TestServer server = server(limits -> limits.maxControlFrames(100), ECHO)) {
            Http2Conversation client = client(server);
            byte[] both = join(Flood.PINGS.bytes, frame(DATA, 0, 1, new byte[10]));
            client.sendRaw(times(200, both));
            expectRefused(server, client, "controlFrames");
        }
    }

    /**
     * CVE-2019-9511, "data dribble": a window of a byte at a time makes the server send a frame for
     * each byte.
     */
    @Test
    void windowsOfAByteDoNotPayForThemselves() {
        HttpHandler large = ctx -> ctx.response().send(new byte[10_000]);
        try (TestServer server = server(limits -> limits.maxControlFrames(100), large)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
            client.get(1, "/").expectHeaders(1).status(200);
            boolean ended = false;
            for (int i = 0; i < 1000 && !ended; i++) {
                Http2ReceivedFrame frame = client.windowUpdate(1, 1).nextFrame();
                ended = frame.type() == Http2Frames.GOAWAY;
                if (ended) {
                    assertThat(frame.intAt(4)).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
                }
            }
            assertThat(ended).isTrue();
            client.expectGone();
            assertThat(rejections(server, "controlFrames")).isEqualTo(1);
        }
    }

    @Test
    void theLimitCanBeSwitchedOff() {
        try (TestServer server = server(limits -> limits.maxControlFrames(UNLIMITED), ECHO)) {
            Http2Conversation client = client(server);
            client.sendRaw(times(5000, Flood.UNKNOWN_FRAMES.bytes)).expectNothingYet();
        }
    }

    /** What asks for an answer, with what the server answers. */
    private enum Question {
        PINGS(frame(PING, 0, 0, new byte[8])),
        SETTINGS_FRAMES(frame(SETTINGS, 0, 0));

        private final byte[] bytes;

        Question(byte... bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * CVE-2019-9512, CVE-2019-9515 and CVE-2024-22201: a client that asks and does not read. It can
     * not be told why, so its connection is reset.
     */
    @ParameterizedTest
    @EnumSource
    void answersThatNobodyReadsAreLimited(Question question) throws Exception {
        try (TestServer server =
                TestServer.http2()
                        .transportBuffer(1000)
                        .limits(
                                l ->
                                        l.http2(
                                                Http2Limits.builder()
                                                        .maxControlFrames(UNLIMITED)
                                                        .maxQueuedReplies(100)
                                                        .build()))
                        .start(ECHO)) {
            Http2Conversation client = server.connectHttp2().unchecked();
            Thread flood =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 100_000; i++) {
                                                client.connection().write(question.bytes);
                                            }
                                        } catch (IOException e) {
                                            // The server has had enough.
                                        }
                                    });
            while (rejections(server, "queuedReplies") == 0) {
                Thread.onSpinWait();
            }
            while (!client.connection().isEndedByServer()) {
                server.time().advance(Http2Attack.SECOND);
            }
            flood.join();
            assertThat(rejections(server, "queuedReplies")).isEqualTo(1);
        }
    }

    /** CVE-2026-33814: MAX_FRAME_SIZE 0 must not make the server send empty frames for ever. */
    @Test
    void aFrameSizeOfZeroIsNotTaken() {
        try (TestServer server = server(limits -> {}, ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.settings(Http2Frames.MAX_FRAME_SIZE, 0)
                    .expectConnectionError(0, Http2Error.PROTOCOL_ERROR);
        }
    }

    /** "Cap our encoder table at 4 KiB": however large a table the client offers. */
    @Test
    void aHugeHeaderTableIsNotFilled() {
        HttpHandler handler =
                ctx -> {
                    ctx.response()
                            .headers()
                            .set("x-large", ctx.request().path() + "x".repeat(9000));
                    ctx.response().send("ok");
                };
        try (TestServer server = server(limits -> {}, handler)) {
            Http2Conversation client =
                    server.connectHttp2(Http2Frames.HEADER_TABLE_SIZE, Integer.MAX_VALUE);
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/" + i).expectResponse(2 * i + 1).status(200);
            }
        }
    }

    /** CVE-2026-50560: a list size of nothing does not break the connection. */
    @Test
    void aHeaderListSizeOfNothingDoesNotBreakTheConnection() {
        try (TestServer server = server(limits -> {}, ECHO)) {
            Http2Conversation client = server.connectHttp2(Http2Frames.MAX_HEADER_LIST_SIZE, 0);
            // No entry in the log either: the client could fill it.
            client.get(1, "/").expectReset(1, Http2Error.INTERNAL_ERROR).expectNothingYet();
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersAndLeavesIsForgotten() {
        try (TestServer server = server(limits -> {}, ECHO)) {
            server.connectHttp2().sendRaw(times(500, Flood.PINGS.bytes)).reset();
            expectServed(server.connectHttp2(), 1);
        }
    }
}
