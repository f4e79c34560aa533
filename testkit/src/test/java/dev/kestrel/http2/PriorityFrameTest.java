package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.PRIORITY;
import static dev.kestrel.testkit.Http2Frames.block;

import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PRIORITY (RFC 9113 section 6.3) means nothing any more, but its form is checked. */
@Timeout(30)
class PriorityFrameTest {

    private final TestServer server =
            TestServer.startHttp2(ctx -> ctx.response().send(ctx.request().bodyText()));
    private final Http2Conversation client = server.connectHttp2();

    @AfterEach
    void close() {
        server.close();
    }

    /** Row 89. "identifier of 0x00, the recipient MUST respond with a connection error". */
    @Test
    void row089_onTheConnection() {
        client.priority(0, 1, false, 16).expectConnectionError(0, PROTOCOL_ERROR);
    }

    /** Row 90. */
    @Test
    void row090_onAnEvenStream() {
        client.priority(2, 1, false, 16).expectConnectionError(0, PROTOCOL_ERROR);
    }

    /** Row 91. "a length other than 5 octets MUST be treated as a stream error". */
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6})
    void row091_anotherLengthOnAnOpenStreamResetsIt(int length) {
        client.post(1, "/").post(3, "/");
        client.frame(PRIORITY, 0, 1, new byte[length]).expectReset(1, FRAME_SIZE_ERROR);
        client.data(3, true, "x").expectResponse(3).status(200).body("x");
    }

    /** Row 91. "RST_STREAM frames MUST NOT be sent for a stream in the 'idle' state". */
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void row091_anotherLengthOnAnIdleStreamEndsTheConnection(int length) {
        client.frame(PRIORITY, 0, 1, new byte[length]).expectConnectionError(0, FRAME_SIZE_ERROR);
    }

    /** Row 92. "cannot be sent between consecutive frames that comprise a single field block". */
    @Test
    void row092_insideAHeaderBlock() {
        client.headersFrame(1, END_STREAM, block(":method", "GET"));
        client.priority(1, 0, false, 16).expectConnectionError(1, PROTOCOL_ERROR);
    }

    /** Row 93. */
    @Test
    void row093_aStreamThatDependsOnItself() {
        client.priority(1, 1, false, 16).expectConnectionError(0, PROTOCOL_ERROR);
    }

    /** "can be sent on a stream in any state, including 'idle' or 'closed'". */
    @Test
    void inEveryStateItIsIgnored() {
        client.priority(1, 3, true, 256).post(1, "/").priority(1, 0, false, 1);
        client.data(1, true, "a").priority(1, 0, false, 1).expectResponse(1).body("a");
        client.priority(1, 0, false, 1).get(3, "/").expectResponse(3).status(200);
        client.expectNothingYet();
    }
}
