package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.expectServed;
import static dev.kestrel.http2.Http2Attack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;

/** DATA (RFC 9113 section 6.1) that may not come, and what it costs of the windows. */
@Timeout(30)
class DataFrameTest {

    private static final int FRAME = 16384;
    private static final int SMALLEST_WINDOW = 65535;
    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    /** Sends DATA that ends the connection. */
    private interface Breach {
        void send(Http2Conversation client);
    }

    private static void endsTheConnection(int lastStream, int code, Breach breach) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            breach.send(client);
            client.expectConnectionError(lastStream, code);
        }
    }

    @Test
    @DisplayName(
            "row 17: \"If a DATA frame is received whose Stream Identifier field is 0x00, the"
                    + " recipient MUST respond with a connection error of type PROTOCOL_ERROR\"")
    void onStream0() {
        endsTheConnection(0, Http2Error.PROTOCOL_ERROR, client -> client.data(0, false, "x"));
    }

    @Test
    @DisplayName("row 18: no stream of a client has an even identifier")
    void onAnEvenStream() {
        endsTheConnection(0, Http2Error.PROTOCOL_ERROR, client -> client.data(2, false, "x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 255})
    @DisplayName(
            "rows 19 and 20: \"If the length of the padding is the length of the frame payload or"
                    + " greater, the recipient MUST treat this as a connection error of type"
                    + " PROTOCOL_ERROR\"")
    void tooMuchPadding(int padding) {
        endsTheConnection(
                1,
                Http2Error.PROTOCOL_ERROR,
                client ->
                        client.post(1, "/")
                                .frame(
                                        Http2Frames.DATA,
                                        Http2Frames.PADDED,
                                        1,
                                        (byte) padding,
                                        (byte) 0,
                                        (byte) 0,
                                        (byte) 0,
                                        (byte) 0));
    }

    @Test
    @DisplayName("row 21: PADDED, but no byte for the length of the padding")
    void paddedWithoutALength() {
        endsTheConnection(
                1,
                Http2Error.FRAME_SIZE_ERROR,
                client -> client.post(1, "/").frame(Http2Frames.DATA, Http2Frames.PADDED, 1));
    }

    @Test
    @DisplayName("row 22: nothing may come between HEADERS and CONTINUATION")
    void inAHeaderBlock() {
        endsTheConnection(
                1,
                Http2Error.PROTOCOL_ERROR,
                client ->
                        client.headersFrame(
                                        1,
                                        0,
                                        Http2Frames.block(Http2Conversation.request("GET", "/")))
                                .data(1, true, "x"));
    }

    @Test
    @DisplayName("row 23: on an idle stream only HEADERS and PRIORITY may come (section 5.1)")
    void onAnIdleStream() {
        endsTheConnection(0, Http2Error.PROTOCOL_ERROR, client -> client.data(1, false, "x"));
    }

    @Test
    @DisplayName(
            "row 24: \"If a DATA frame is received whose stream is not in the 'open' or 'half-closed"
                    + " (local)' state, the recipient MUST respond with a stream error of type"
                    + " STREAM_CLOSED\"")
    void onAHalfClosedStream() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server = TestServer.startHttp2(gate)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").data(1, false, "x").expectReset(1, Http2Error.STREAM_CLOSED);
            gate.open();
            expectServed(client, 3);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 25: DATA on a stream that both sides have ended is STREAM_CLOSED")
    void onAClosedStream() {
        endsTheConnection(
                1,
                Http2Error.STREAM_CLOSED,
                client -> {
                    client.get(1, "/").expectResponse(1).status(200);
                    client.data(1, false, "x");
                });
    }

    @Test
    @DisplayName(
            "row 26: \"The first use of a new stream identifier implicitly closes all streams in the"
                    + " 'idle' state that might have been initiated by that peer with a lower-valued"
                    + " stream identifier\"")
    void onAStreamThatWasSkipped() {
        endsTheConnection(
                3,
                Http2Error.STREAM_CLOSED,
                client -> {
                    client.get(3, "/").expectResponse(3).status(200);
                    client.data(1, false, "x");
                });
    }

    @Test
    @DisplayName(
            "row 27: DATA beyond the stream's window is a stream error of type FLOW_CONTROL_ERROR:"
                    + " the connection's window is whole, and other requests need not suffer")
    void beyondTheWindowOfTheStream() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server =
                        server(limits -> limits.initialStreamWindowSize(SMALLEST_WINDOW), gate)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            for (int i = 0; i < 4; i++) {
                client.expectNothingYet().data(1, false, new byte[FRAME]);
            }
            client.expectReset(1, Http2Error.FLOW_CONTROL_ERROR);
            gate.open();
            expectServed(client, 3);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 28: DATA beyond the connection's window is a connection error of type"
                    + " FLOW_CONTROL_ERROR, though both streams have window left")
    void beyondTheWindowOfTheConnection() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server =
                        server(
                                limits ->
                                        limits.initialConnectionWindowSize(5 * FRAME)
                                                .initialStreamWindowSize(SMALLEST_WINDOW),
                                gate)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").post(3, "/");
            for (int i = 0; i < 5; i++) {
                client.data(i < 3 ? 1 : 3, false, new byte[FRAME]);
            }
            client.expectNothingYet();
            client.data(3, false, "x");
            client.expectGoAway(3, Http2Error.FLOW_CONTROL_ERROR);
            gate.open();
            client.expectGone();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    @DisplayName("row 29: padding is taken away")
    void paddingIsNotContent(int padding) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/", "content-length", "12");
            client.dataPadded(1, false, padding, Http2Frames.bytes("Hello,"));
            client.dataPadded(1, true, padding, Http2Frames.bytes(" world"));
            client.expectResponse(1).status(200).body("Hello, world");
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 255})
    @DisplayName(
            "row 29: \"The entire DATA frame payload is included in flow control, including the Pad"
                    + " Length and Padding fields\"; they are given back though nobody reads")
    void paddingIsGivenBack(int padding) {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server =
                        server(
                                limits ->
                                        limits.initialConnectionWindowSize(SMALLEST_WINDOW)
                                                .initialStreamWindowSize(SMALLEST_WINDOW),
                                gate)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            // An update comes once half of the window can be given back; the content is
            // not.
            int framing = padding + 1;
            int frames = (SMALLEST_WINDOW / 2 + framing - 1) / framing;
            byte[] payload = new byte[framing + 16];
            payload[0] = (byte) padding;
            byte[] frame = Http2Frames.frame(Http2Frames.DATA, Http2Frames.PADDED, 1, payload);
            client.sendRaw(Http2Attack.times(frames - 1, frame)).expectNothingYet();
            assertThat(client.windowUpdates(0)).isZero();
            client.sendRaw(frame);
            client.expectWindowUpdate(1, frames * framing);
            client.expectWindowUpdate(0, frames * framing);
            client.expectNothingYet();
            gate.open();
            client.expectResponse(1).status(200).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
        }
    }

    @Test
    @DisplayName(
            "row 30: a handler that does not read: response, RST_STREAM NO_ERROR, and the unread"
                    + " bytes go back to the connection's window, not to the stream's")
    void unreadBytesAreGivenBack() {
        try (Http2Attack.HeldApplication gate = new Http2Attack.HeldApplication();
                TestServer server =
                        server(
                                limits -> limits.initialConnectionWindowSize(SMALLEST_WINDOW),
                                gate)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/");
            for (int i = 0; i < 3; i++) {
                client.data(1, false, new byte[FRAME]);
            }
            client.expectNothingYet();
            assertThat(client.windowUpdates(0)).isZero();
            gate.open();
            client.expectResponse(1).status(200).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
            client.expectWindowUpdate(0, 3 * FRAME);
            assertThat(client.windowUpdates(1)).isZero();
            expectServed(client, 3);
        }
    }

    @Test
    @DisplayName("row 30: and so do the bytes that were on their way")
    void lateBytesAreGivenBack() {
        try (TestServer server =
                server(
                        limits -> limits.initialConnectionWindowSize(SMALLEST_WINDOW),
                        ctx -> ctx.response().send("done"))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectResponse(1).status(200).complete();
            client.expectReset(1, Http2Error.NO_ERROR);
            for (int i = 0; i < 20; i++) {
                client.data(1, false, new byte[FRAME]);
                client.data(1, false, new byte[FRAME]);
                client.expectWindowUpdate(0, 2 * FRAME);
            }
            assertThat(client.windowUpdates(1)).isZero();
            expectServed(client, 3);
        }
    }

    /** How a client ends what nobody reads. */
    private enum Ending {
        DATA,
        WINDOW_UPDATE,
        HEADERS,
        CONTINUATION;

        void send(Http2Conversation client) {
            switch (this) {
                case DATA -> client.data(1, true, "late");
                case WINDOW_UPDATE -> client.windowUpdate(1, 1000);
                case HEADERS -> client.trailers(1, "x-late", "yes");
                case CONTINUATION ->
                        client.headersFrame(1, Http2Frames.END_STREAM)
                                .continuation(
                                        1,
                                        Http2Frames.END_HEADERS,
                                        Http2Frames.block("x-late", "yes"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "row 31: \"An endpoint MUST minimally process and then discard any frames it receives\""
                    + " behind its own RST_STREAM")
    void lateFramesAreDropped(Ending ending) {
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send("done"))) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "early");
            client.expectResponse(1).status(200).body("done");
            client.expectReset(1, Http2Error.NO_ERROR);
            ending.send(client);
            client.expectNothingYet();
            expectServed(client, 3);
        }
    }

    @Test
    @DisplayName(
            "row 32: \"frames with zero length with the END_STREAM flag set MAY be sent if there is"
                    + " no available space in either flow-control window\": the stream's")
    void theEndNeedsNoWindowOfTheStream() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            OutputStream out = ctx.response().outputStream();
                            out.write(new byte[10]);
                            out.flush();
                            ctx.request().bodyText();
                        })) {
            Http2Conversation client = server.connectHttp2(Http2Frames.INITIAL_WINDOW_SIZE, 10);
            client.post(1, "/").expectHeaders(1).status(200);
            assertThat(client.readData(1, 10)).hasSize(10);
            client.data(1, true).expectEndStream(1);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 32: the connection's")
    void theEndNeedsNoWindowOfTheConnection() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            OutputStream out = ctx.response().outputStream();
                            out.write(new byte[65535]);
                            out.flush();
                            ctx.request().bodyText();
                        })) {
            Http2Conversation client = server.connectHttp2(Http2Frames.INITIAL_WINDOW_SIZE, 70_000);
            client.post(1, "/").expectHeaders(1).status(200);
            assertThat(client.readData(1, 65535)).hasSize(65535);
            client.data(1, true).expectEndStream(1);
            client.expectNothingYet();
        }
    }
}
