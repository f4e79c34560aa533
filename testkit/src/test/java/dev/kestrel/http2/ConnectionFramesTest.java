package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.NO_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.PUSH_PROMISE;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** PUSH_PROMISE, PING, GOAWAY and frames of unknown types from the client. */
@Timeout(30)
class ConnectionFramesTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    private static void inABlock(int type, int flags, int id, byte... payload) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, block(":method", "GET"));
            client.frame(type, flags, id, payload).expectConnectionError(1, PROTOCOL_ERROR);
        }
    }

    /** Row 118. "A client cannot push. Thus, servers MUST treat the receipt of a PUSH_PROMISE". */
    @Test
    void row118_pushPromise() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(PUSH_PROMISE, END_HEADERS, 1, ints(2));
            client.expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 119. "MUST send a PING frame with the ACK flag set in response, with an identical". */
    @Test
    void row119_pingIsAnswered() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.ping(-2).ping(0).ping(0x0102030405060708L);
            client.expectPingAck(-2).expectPingAck(0).expectPingAck(0x0102030405060708L);
            client.expectNothingYet();
        }
    }

    /** Row 120. "An endpoint MUST NOT respond to PING frames containing this flag". */
    @Test
    void row120_anAnswerIsNotAnswered() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().pingAck(1).expectNothingYet();
        }
    }

    /** Row 121. */
    @Test
    void row121_pingInsideAHeaderBlock() {
        inABlock(PING, 0, 0, new byte[8]);
    }

    /** Row 122. "any value other than 0x00, the recipient MUST respond with a connection error". */
    @Test
    void row122_pingOnAStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(PING, 0, 1, new byte[8]).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 123. "a length field value other than 8 MUST be treated as a connection error". */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 9})
    void row123_pingOfAnotherLength(int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(PING, 0, 0, new byte[length]).expectConnectionError(0, FRAME_SIZE_ERROR);
        }
    }

    /** Row 124. */
    @Test
    void row124_goAwayWithoutStreams() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().goAway(0, NO_ERROR).expectGoAway(0, NO_ERROR).expectClosed();
        }
    }

    /** Row 125. "Activity on streams numbered lower [...] might still complete successfully". */
    @Test
    void row125_goAwayWithStreams() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(2);
        HttpHandler handler =
                ctx -> {
                    Objects.requireNonNull(
                                    ctx.features().get(ConnectionLifetimeNotificationFeature.class))
                            .closeRequested()
                            .onFired(told::countDown);
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/").post(3, "/");
            client.goAway(0, NO_ERROR);
            told.await();
            client.expectNothingYet();
            client.data(1, true, "a").expectResponse(1).status(200).body("a");
            client.expectNothingYet();
            client.data(3, true, "b").expectResponse(3).status(200).body("b");
            client.expectGoAway(3, NO_ERROR).expectClosed();
        }
    }

    /** A stream that was begun before the server has ended is served like any other. */
    @Test
    void aRequestRightBehindGoAwayIsServed() {
        HttpHandler large = ctx -> ctx.response().send(new byte[100_000]);
        try (TestServer server = TestServer.startHttp2(large)) {
            Http2Conversation client = server.connectHttp2();
            byte[] get = block(Http2Conversation.request("GET", "/"));
            client.sendRaw(
                    join(
                            frame(GOAWAY, 0, 0, ints(0, NO_ERROR)),
                            frame(HEADERS, END_HEADERS | END_STREAM, 1, get)));
            client.expectHeaders(1).status(200);
            client.readData(1, 65535);
            client.windowUpdate(0, 100_000).windowUpdate(1, 100_000);
            client.readData(1, 100_000 - 65535);
            client.expectEndStream(1).expectGoAway(1, NO_ERROR).expectClosed();
        }
    }

    /** Row 126. The client is gone, so nobody will open the windows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    @Tag("half-close")
    void row126_applicationsThatWaitForWindowsAreReleased(int window) throws InterruptedException {
        CountDownLatch released = new CountDownLatch(3);
        HttpHandler handler =
                ctx -> {
                    try {
                        ctx.response().send(new byte[1 << 20]);
                    } finally {
                        released.countDown();
                    }
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, window);
            client.get(1, "/").get(3, "/").get(5, "/");
            client.expectHeaders(1);
            client.expectHeaders(3);
            client.expectHeaders(5);
            client.ignore(1).ignore(3).ignore(5);
            client.goAway(0, NO_ERROR).finish();
            client.expectGoAway(5, NO_ERROR).expectGone();
            released.await();
        }
    }

    /** Row 127. "other than 0x00 MUST be treated as a connection error of type PROTOCOL_ERROR". */
    @Test
    void row127_goAwayOnAStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(GOAWAY, 0, 1, ints(0, 0)).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 128. */
    @Test
    void row128_goAwayInsideAHeaderBlock() {
        inABlock(GOAWAY, 0, 0, ints(0, 0));
    }

    /** Section 4.2: "a frame that is too small to contain mandatory frame data". */
    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void goAwayThatIsTooShort(int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(GOAWAY, 0, 0, new byte[length]);
            client.expectConnectionError(0, FRAME_SIZE_ERROR);
        }
    }

    @Test
    void goAwayMayCarryDebugData() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(GOAWAY, 0, 0, new byte[8 + 1000]);
            client.expectGoAway(0, NO_ERROR).expectClosed();
        }
    }

    /** Row 129. "Implementations MUST ignore and discard frames of unknown types" (section 5.5). */
    @ParameterizedTest
    @ValueSource(ints = {0xa, 0xb, 42, 255})
    void row129_unknownTypesAreIgnored(int type) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(type, 0xff, 0, new byte[100]).frame(type, 0, 7, new byte[16384]);
            client.post(1, "/").frame(type, 1, 1).data(1, true, "x");
            client.expectResponse(1).status(200).body("x");
            client.frame(type, 0, 2).expectNothingYet();
        }
    }

    /** Row 130. "extension frames that appear in the middle of a field block". */
    @Test
    void row130_anUnknownTypeInsideAHeaderBlock() {
        inABlock(42, 0, 0);
    }

    /** Section 4.1: "Flags are assigned semantics specific to the indicated frame type". */
    @Test
    void unknownFlagsAreIgnored() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(PING, 0xfe, 0, new byte[8]).expectPingAck(0);
            client.frame(GOAWAY, 0xff, 0, ints(0, 0));
            client.expectGoAway(0, NO_ERROR).expectClosed();
        }
    }

    /** Section 4.1: the reserved bit "MUST be ignored when receiving". */
    @Test
    void theReservedBitIsIgnored() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(PING, 0, Integer.MIN_VALUE, new byte[8]).expectPingAck(0);
            client.goAway(Integer.MIN_VALUE, NO_ERROR).expectGoAway(0, NO_ERROR).expectClosed();
        }
    }
}
