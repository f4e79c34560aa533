package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.COMPRESSION_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.STREAM_CLOSED;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;

/** CONTINUATION from the client (RFC 9113 section 6.10). */
@Timeout(30)
class ContinuationTest {

    private static final HttpHandler HANDLER =
            ctx -> {
                String body = ctx.request().bodyText();
                ctx.response().send(body + ctx.request().headers().get("x"));
            };

    private static final byte[] GET =
            block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", "x", "y");

    private final TestServer server = TestServer.startHttp2(HANDLER);
    private final Http2Conversation client = server.connectHttp2();

    @AfterEach
    void close() {
        server.close();
    }

    /** Section 4.3: "Field blocks MUST be transmitted as a contiguous sequence of frames". */
    @Test
    void aBlockIsWholeHoweverItIsCut() {
        client.headersFrame(1, END_STREAM, GET[0]);
        for (int i = 1; i < 20; i++) {
            client.continuation(1, 0, GET[i]);
        }
        client.continuation(1, 0);
        client.continuation(1, END_HEADERS, Arrays.copyOfRange(GET, 20, GET.length));
        client.expectResponse(1).status(200).body("y");
    }

    @Test
    void anEmptyOneMayEndABlock() {
        client.headersFrame(1, END_STREAM, GET).continuation(1, END_HEADERS);
        client.expectResponse(1).status(200).body("y");
    }

    /** Row 140. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void row140_ofAnotherStream(int id) {
        client.headersFrame(1, END_STREAM, GET).continuation(id, END_HEADERS);
        client.expectConnectionError(1, PROTOCOL_ERROR);
    }

    /** Row 141. "A CONTINUATION frame MUST be preceded by a HEADERS, PUSH_PROMISE". */
    @Test
    void row141_withoutHeaders() {
        client.continuation(1, END_HEADERS, GET).expectConnectionError(0, PROTOCOL_ERROR);
    }

    @Test
    void row141_behindABlockThatHasEnded() {
        client.post(1, "/").continuation(1, END_HEADERS);
        client.ignore(1).expectConnectionError(1, PROTOCOL_ERROR);
    }

    /** Row 142. "A decoding error in a field block MUST be treated as a connection error". */
    @ParameterizedTest
    @ValueSource(strings = {"40", "4001", "400161", "40016102", "ff", "7f"})
    void row142_aBlockThatEndsInsideAField(String hex) {
        byte[] rest = HexFormat.of().parseHex(hex);
        client.headersFrame(1, END_STREAM, GET).continuation(1, END_HEADERS, rest);
        client.expectConnectionError(1, COMPRESSION_ERROR);
    }

    /** Row 143. Section 8.1.1: "Malformed requests [...] a stream error of type PROTOCOL_ERROR". */
    @ParameterizedTest
    @CsvSource({":method,GET", ":path,/", ":scheme,http", ":authority,a", "Upper,x"})
    void row143_illegalTrailersAreAnErrorOfTheStream(String name, String value) {
        client.post(1, "/").headersFrame(1, END_STREAM, block("a", "b"));
        client.continuation(1, END_HEADERS, block(name, value)).expectReset(1, PROTOCOL_ERROR);
        client.headersFrame(3, END_STREAM | END_HEADERS, GET).expectResponse(3).body("y");
    }

    /** Row 144. Section 8.3.1: "MUST include exactly one valid value for" each of them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void row144_aMissingPseudoHeaderField(int missing) {
        String[] all = {":method", "GET", ":scheme", "http", ":path", "/"};
        byte[] first = {};
        byte[] second = {};
        for (int i = 0; i < all.length; i += 2) {
            if (i != missing) {
                second = join(second, block(all[i], all[i + 1]));
            }
        }
        first = Arrays.copyOf(second, 3);
        second = Arrays.copyOfRange(second, 3, second.length);
        client.headersFrame(1, END_STREAM, first).continuation(1, END_HEADERS, second);
        client.expectReset(1, PROTOCOL_ERROR);
        client.headersFrame(3, END_STREAM | END_HEADERS, GET).expectResponse(3).body("y");
        client.headersFrame(1, END_STREAM | END_HEADERS, GET);
        client.expectConnectionError(3, STREAM_CLOSED);
    }

    /** END_STREAM on HEADERS counts, not what CONTINUATION says. */
    @Test
    void continuationDoesNotEndAStream() {
        client.headersFrame(1, 0, GET).continuation(1, END_HEADERS | END_STREAM);
        client.expectNothingYet();
        client.data(1, true, "b").expectResponse(1).status(200).body("by");
    }
}
