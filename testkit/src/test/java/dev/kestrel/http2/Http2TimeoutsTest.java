package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.SECOND;
import static dev.kestrel.http2.Http2Attack.beatsUntilEnded;

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
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** Header blocks that do not end in 30 s, and frames of streams that were given up 5 s ago. */
@Timeout(60)
class Http2TimeoutsTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());
    private static final byte[] HEAD = Http2Frames.block(Http2Conversation.request("GET", "/"));

    @Test
    @DisplayName("row 174: a header block that does not end within requestHeadersTimeout")
    void aHeadThatDoesNotEnd() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, Http2Frames.END_STREAM, HEAD);
            assertThat(beatsUntilEnded(server, client, 40)).isBetween(30, 32);
            client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("row 174: one that ends in time is served, and its time is over with it")
    void aHeadThatEndsInTime() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, Http2Frames.END_STREAM, HEAD).advance(Duration.ofSeconds(29));
            client.continuation(1, Http2Frames.END_HEADERS).expectResponse(1).status(200);
            client.advance(Duration.ofSeconds(60)).expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 175: trailers have the time of a head")
    void trailersThatDoNotEnd() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "body");
            client.headersFrame(1, Http2Frames.END_STREAM, Http2Frames.block("x-trailer", "1"));
            assertThat(beatsUntilEnded(server, client, 40)).isBetween(30, 32);
            client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("row 176: empty CONTINUATION frames buy no time (CVE-2024-27983 and its like)")
    void emptyContinuationsBuyNoTime() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "body");
            client.headersFrame(1, Http2Frames.END_STREAM, Http2Frames.block("x-trailer", "1"));
            int beats = 0;
            while (!client.connection().isEndedByServer()) {
                client.advance(SECOND).awaitServerIdle();
                assertThat(++beats).isLessThan(40);
                if (beats % 10 == 0) {
                    client.continuation(1, 0);
                }
            }
            assertThat(beats).isBetween(30, 32);
            client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "row 177: what was on its way when the server reset a stream has five seconds to come;"
                    + " after that it is STREAM_CLOSED")
    void framesLongAfterAReset(boolean data) {
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.abort())) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").expectReset(1, Http2Error.INTERNAL_ERROR);
            client.data(1, false, "late").expectNothingYet();
            client.advance(Duration.ofSeconds(8));
            if (data) {
                client.data(1, true, "too late");
            } else {
                client.headersFrame(1, Http2Frames.END_STREAM, Http2Frames.block("x-late", "1"))
                        .continuation(1, Http2Frames.END_HEADERS);
            }
            client.expectConnectionError(1, Http2Error.STREAM_CLOSED);
        }
    }
}
