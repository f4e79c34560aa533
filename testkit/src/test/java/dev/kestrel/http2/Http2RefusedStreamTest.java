package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.server;

import dev.kestrel.http2.Http2Attack.HeldApplication;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/** Frames that are too large, and more streams than there may be. */
@Timeout(60)
class Http2RefusedStreamTest {

    /** "Any frame longer than SETTINGS_MAX_FRAME_SIZE: GOAWAY FRAME_SIZE_ERROR, last stream 1." */
    @ParameterizedTest
    @ValueSource(
            ints = {
                Http2Frames.DATA,
                Http2Frames.HEADERS,
                Http2Frames.SETTINGS,
                Http2Frames.PING,
                Http2Frames.CONTINUATION,
                42
            })
    void row8_aFrameOverTheMaximumSize(int type) {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> {}, gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").roundTrip();
            client.frameHeader(16385, type, 0, type == Http2Frames.DATA ? 1 : 0)
                    .expectConnectionError(1, Http2Error.FRAME_SIZE_ERROR);
        }
    }

    @Test
    void row8_aFrameOfTheMaximumSizeIsTaken() {
        try (TestServer server =
                server(
                        limits -> limits.maxFrameSize(20_000),
                        ctx -> ctx.response().send(ctx.request().bodyBytes()))) {
            Http2Conversation client = server.connectHttp2();
            byte[] body = new byte[20_000];
            Arrays.fill(body, (byte) 'x');
            client.post(1, "/").data(1, true, body).expectResponse(1).status(200).body(body);
        }
    }

    /** "RST_STREAM REFUSED_STREAM on the new stream; the connection lives." */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void row9And10_aStreamOverTheLimitIsRefused(boolean endStream) {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/");
            client.headers(3, endStream, Http2Conversation.request("POST", "/"));
            client.expectReset(3, Http2Error.REFUSED_STREAM).expectNothingYet();
            gate.open();
            client.expectResponse(1).status(200).body("done");
            client.get(5, "/").expectResponse(5).status(200).body("done");
        }
    }

    /** How a refused request goes on that did not know yet. */
    enum Late {
        DATA {
            @Override
            void send(Http2Conversation client) {
                client.data(3, true, "late");
            }
        },
        WINDOW_UPDATE {
            @Override
            void send(Http2Conversation client) {
                client.windowUpdate(3, 1).data(3, true);
            }
        },
        HEADERS {
            @Override
            void send(Http2Conversation client) {
                client.trailers(3, "a", "b");
            }
        },
        CONTINUATION {
            @Override
            void send(Http2Conversation client) {
                client.headersFrame(3, Http2Frames.END_STREAM, Http2Frames.block("a", "b"))
                        .continuation(3, Http2Frames.END_HEADERS, Http2Frames.block("c", "d"));
            }
        };

        abstract void send(Http2Conversation client);
    }

    /** "The late frames are drained without error." */
    @ParameterizedTest
    @EnumSource
    void row11_lateFramesOfARefusedStreamAreDropped(Late late) {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").post(3, "/").expectReset(3, Http2Error.REFUSED_STREAM);
            late.send(client);
            client.expectNothingYet();
            gate.open();
            client.expectResponse(1).status(200);
        }
    }

    /** "RST_STREAM REFUSED_STREAM for each." */
    @Test
    void row12_asManyRefusedStreamsAsThereMayBe() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> {}, gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 100; i++) {
                client.post(2 * i + 1, "/");
            }
            for (int i = 100; i < 200; i++) {
                client.post(2 * i + 1, "/").expectReset(2 * i + 1, Http2Error.REFUSED_STREAM);
            }
            client.expectNothingYet();
            gate.open();
            for (int i = 0; i < 100; i++) {
                client.data(2 * i + 1, true).expectHeaders(2 * i + 1).status(200);
            }
        }
    }

    /** "The frames after it in the same read are still processed." */
    @Test
    void row16_aRefusedStreamAmongGoodFrames() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            byte[] request = Http2Frames.block(Http2Conversation.request("GET", "/"));
            int whole = Http2Frames.END_HEADERS | Http2Frames.END_STREAM;
            client.get(1, "/")
                    .sendRaw(
                            Http2Frames.join(
                                    Http2Frames.frame(Http2Frames.HEADERS, whole, 3, request),
                                    Http2Frames.frame(Http2Frames.PING, 0, 0, new byte[8]),
                                    Http2Frames.frame(Http2Frames.HEADERS, whole, 5, request)));
            client.expectReset(3, Http2Error.REFUSED_STREAM)
                    .expectPingAck(0)
                    .expectReset(5, Http2Error.REFUSED_STREAM)
                    .expectNothingYet();
        }
    }
}
