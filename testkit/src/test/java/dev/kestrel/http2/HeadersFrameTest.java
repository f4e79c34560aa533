package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.WITH_PRIORITY;
import static dev.kestrel.testkit.Http2Frames.block;

import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HEADERS frames: which may come when, and what they are made of (RFC 9113 section 6.2). */
@Timeout(30)
class HeadersFrameTest {

    private static final int LAST = END_HEADERS | END_STREAM;
    private static final byte[] GET = block(Http2Conversation.request("GET", "/"));

    @Test
    @DisplayName(
            "row 33: \"If a HEADERS frame is received whose Stream Identifier field is 0x00, the"
                    + " recipient MUST respond with a connection error\"")
    void onStreamZero() {
        connectionError(0, Http2Error.PROTOCOL_ERROR, client -> client.headersFrame(0, LAST, GET));
    }

    @Test
    @DisplayName(
            "row 34: \"Streams initiated by a client MUST use odd-numbered stream identifiers\"")
    void onAnEvenStream() {
        connectionError(0, Http2Error.PROTOCOL_ERROR, client -> client.headersFrame(2, LAST, GET));
    }

    @Test
    @DisplayName(
            "row 35: \"An endpoint that receives any frames after receiving a frame with the"
                    + " END_STREAM flag set ... MUST treat that as a connection error of type"
                    + " STREAM_CLOSED\"")
    void onAClosedStream() {
        connectionError(
                1,
                Http2Error.STREAM_CLOSED,
                client -> {
                    client.get(1, "/").expectResponse(1).status(200);
                    client.get(1, "/");
                });
    }

    @Test
    @DisplayName(
            "row 36: half-closed (remote): \"If an endpoint receives additional frames, other than"
                    + " WINDOW_UPDATE, PRIORITY, or RST_STREAM, for a stream that is in this state, it"
                    + " MUST respond with a stream error of type STREAM_CLOSED\"")
    void onAHalfClosedStream() {
        try (Gate gate = new Gate();
                TestServer server = TestServer.startHttp2(ctx -> gate.await())) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/");
            client.headersFrame(1, LAST, GET);
            client.expectReset(1, Http2Error.STREAM_CLOSED);
            gate.open();
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "row 37: \"The identifier of a newly established stream MUST be numerically greater"
                    + " than all streams that the initiating endpoint has opened\"")
    void onAStreamThatWasSkipped() {
        connectionError(
                3,
                Http2Error.STREAM_CLOSED,
                client -> {
                    client.get(3, "/").expectResponse(3).status(200);
                    client.get(1, "/");
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255})
    @DisplayName(
            "row 38: \"Padding that exceeds the size remaining for the field block fragment MUST be"
                    + " treated as a PROTOCOL_ERROR\": as long as the payload")
    void paddingAsLongAsThePayload(int length) {
        byte[] payload = new byte[length];
        payload[0] = (byte) length;
        connectionError(
                0,
                Http2Error.PROTOCOL_ERROR,
                client -> client.frame(HEADERS, LAST | PADDED, 1, payload));
    }

    @Test
    @DisplayName("row 39: PADDED without a pad length is a FRAME_SIZE_ERROR (section 4.2)")
    void noPadLength() {
        connectionError(
                0, Http2Error.FRAME_SIZE_ERROR, client -> client.frame(HEADERS, LAST | PADDED, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "254, 255"})
    @DisplayName(
            "row 40: \"Padding that exceeds the size remaining for the field block fragment MUST be"
                    + " treated as a PROTOCOL_ERROR\": longer than the payload")
    void paddingLongerThanThePayload(int length, int padding) {
        byte[] payload = new byte[length];
        payload[0] = (byte) padding;
        connectionError(
                0,
                Http2Error.PROTOCOL_ERROR,
                client -> client.frame(HEADERS, LAST | PADDED, 1, payload));
    }

    @Test
    @DisplayName("row 41: padding and priority: padding over what is left of six bytes")
    void paddingWherePriorityIs() {
        connectionError(
                0,
                Http2Error.PROTOCOL_ERROR,
                client ->
                        client.frame(
                                HEADERS,
                                LAST | PADDED | WITH_PRIORITY,
                                1,
                                (byte) 1,
                                (byte) 0,
                                (byte) 0,
                                (byte) 0,
                                (byte) 0,
                                (byte) 0));
    }

    @Test
    @DisplayName(
            "row 42: \"A HEADERS frame without the END_HEADERS flag set MUST be followed by a"
                    + " CONTINUATION frame for the same stream\"")
    void anotherHeadersInsideABlock() {
        connectionError(
                1,
                Http2Error.PROTOCOL_ERROR,
                client -> client.headersFrame(1, END_STREAM, GET).headersFrame(3, LAST, GET));
    }

    @Test
    @DisplayName(
            "row 43: \"A stream cannot depend on itself. An endpoint MUST treat this as a stream"
                    + " error of type PROTOCOL_ERROR\" (RFC 7540 section 5.3.1)")
    void aStreamThatDependsOnItself() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.headersWithPriority(1, LAST, 1, false, 16, GET);
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {END_HEADERS, 0})
    @DisplayName(
            "row 44: \"An endpoint that receives a HEADERS frame without the END_STREAM flag set"
                    + " after receiving the HEADERS frame that opens a request ... MUST treat the"
                    + " corresponding request or response as malformed\"")
    void trailersThatDoNotEndTheStream(int flags) {
        try (Gate gate = new Gate();
                TestServer server = TestServer.startHttp2(ctx -> gate.await())) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").headersFrame(1, flags, block("x", "1"));
            if ((flags & END_HEADERS) == 0) {
                client.continuation(1, END_HEADERS);
            }
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            gate.open();
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    @DisplayName("row 45: padding and priority fields are taken and left aside")
    void paddingAndPriorityAreTaken(int padding) {
        try (TestServer server =
                TestServer.startHttp2(ctx -> ctx.response().send(ctx.request().path()))) {
            Http2Conversation client = server.connectHttp2();
            client.headersPadded(1, LAST, padding, GET).expectResponse(1).body("/");
            client.headersWithPriority(3, LAST, 1, true, 256, GET).expectResponse(3).body("/");
            client.headersPaddedWithPriority(5, LAST, padding, 3, false, 1, GET)
                    .expectResponse(5)
                    .body("/");
            client.expectNothingYet();
        }
    }

    private interface Step {
        void run(Http2Conversation client);
    }

    private static void connectionError(int lastStream, int code, Step step) {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            step.run(client);
            client.expectConnectionError(lastStream, code);
        }
    }
}
