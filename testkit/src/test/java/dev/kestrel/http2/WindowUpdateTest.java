package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.FLOW_CONTROL_ERROR;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.block;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WINDOW_UPDATE from the client (RFC 9113 section 6.9). */
@Timeout(30)
class WindowUpdateTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    /** Row 131. */
    @Test
    void row131_onAnEvenStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().windowUpdate(2, 1).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 132. */
    @Test
    void row132_insideAHeaderBlock() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, block(":method", "GET"));
            client.windowUpdate(1, 1).expectConnectionError(1, PROTOCOL_ERROR);
        }
    }

    /** Row 133. "a length other than 4 octets MUST be treated as a connection error". */
    @ParameterizedTest
    @CsvSource({"0, 3", "0, 5", "1, 3", "1, 5"})
    void row133_anotherLength(int id, int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(WINDOW_UPDATE, 0, id, new byte[length]);
            client.expectConnectionError(0, FRAME_SIZE_ERROR);
        }
    }

    /** Row 134. "errors on the connection flow-control window MUST be treated as". */
    @Test
    void row134_nothingForTheConnection() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().windowUpdate(0, 0).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 135. "an increment of 0 as a stream error of type PROTOCOL_ERROR". */
    @Test
    void row135_nothingForAStreamIsAnErrorOfTheStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/").post(3, "/");
            client.windowUpdate(1, 0).expectReset(1, PROTOCOL_ERROR);
            client.data(3, true, "x").expectResponse(3).status(200).body("x");
        }
    }

    /**
     * Row 136. Section 5.1: "any frame other than HEADERS or PRIORITY on a stream in this state".
     */
    @Test
    void row136_onAnIdleStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().windowUpdate(1, 1).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Row 137. "for the connection, a GOAWAY frame with an error code of FLOW_CONTROL_ERROR". */
    @Test
    void row137_theConnectionsWindowOverTheMaximum() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.windowUpdate(0, Integer.MAX_VALUE - 65535).expectNothingYet();
            client.windowUpdate(0, 1).expectConnectionError(0, FLOW_CONTROL_ERROR);
        }
    }

    /** Row 138. "for streams, the sender sends a RST_STREAM with [...] FLOW_CONTROL_ERROR". */
    @Test
    void row138_aStreamsWindowOverTheMaximum() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/").post(3, "/");
            client.windowUpdate(1, Integer.MAX_VALUE - 65535).expectNothingYet();
            client.windowUpdate(1, 1).expectReset(1, FLOW_CONTROL_ERROR);
            client.data(3, true, "x").expectResponse(3).status(200).body("x");
        }
    }

    /** Row 139. "A sender MUST track the negative flow-control window". */
    @Test
    void row139_aWindowThatSettingsMadeNegative() {
        HttpHandler handler = ctx -> ctx.response().send("hello world!");
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 6);
            client.get(1, "/").expectHeaders(1).status(200);
            client.expectData(1, "hello ");
            client.settings(INITIAL_WINDOW_SIZE, 3).expectSettingsAck().expectNothingYet();
            client.windowUpdate(1, 3).expectNothingYet();
            client.windowUpdate(1, 1).expectData(1, "w").expectNothingYet();
            client.settings(INITIAL_WINDOW_SIZE, 5).expectSettingsAck().expectData(1, "or");
            client.windowUpdate(1, 100).expectData(1, "ld!").expectEndStream(1);
        }
    }

    /** Section 5.1: "might receive a WINDOW_UPDATE [...] in the time before the peer receives". */
    @Test
    void behindTheEndOfAStreamItIsIgnored() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.windowUpdate(1, 1).expectNothingYet();
        }
    }
}
