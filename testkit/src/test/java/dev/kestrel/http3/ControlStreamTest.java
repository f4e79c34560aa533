package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.MemoryMultiplexedStream;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The streams on which one side alone sends: RFC 9114 sections 6.2 and 7.2, RFC 9204 4.2. */
@Timeout(60)
class ControlStreamTest {

    private static TestServer start() {
        return TestServer.startHttp3(ctx -> ctx.response().send("hello"));
    }

    @Test
    @DisplayName("the server's control stream begins with SETTINGS, whatever the client does")
    void settingsComeFirst() {
        try (TestServer server = start()) {
            List<Long> settings = server.connectHttp3Raw().expectSettings();
            assertThat(settings).contains(Http3Frames.ENABLE_CONNECT_PROTOCOL, 1L);
        }
    }

    @Test
    @DisplayName("requests do not wait for the control stream of either side")
    void requestsDoNotWait() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3Raw();
            client.connection().allowServerStreams(0);
            client.get(0, "/").expectResponse(0).status(200).body("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x2, 0x3, 0x4, 0x5})
    @DisplayName("reserved setting: H3_SETTINGS_ERROR")
    void reservedSettings(long id) {
        try (TestServer server = start()) {
            server.connectHttp3Raw()
                    .settings(id, 1)
                    .expectConnectionError(Http3Error.SETTINGS_ERROR);
        }
    }

    /**
     * RFC 9114 section 7.2.4: "The same setting identifier MUST NOT occur more than once". Section
     * 7.2.4.1: "Endpoints MUST ignore" those that are unknown.
     */
    @Test
    void settingsThatOccurTwice() {
        try (TestServer server = start()) {
            server.connectHttp3(0x21, 5, 0x4000_0000L, 7).get(0, "/").expectResponse(0).status(200);
            server.connectHttp3Raw()
                    .settings(0x21, 1, 0x21, 1)
                    .expectConnectionError(Http3Error.SETTINGS_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Http3Frames.CONTROL_STREAM,
                Http3Frames.ENCODER_STREAM,
                Http3Frames.DECODER_STREAM
            })
    @DisplayName("second control, encoder or decoder stream: H3_STREAM_CREATION_ERROR")
    void aSecondStreamOfAKind(long type) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3Raw();
            client.openUnidirectionalStream(type);
            client.awaitServerIdle();
            client.openUnidirectionalStream(type);
            client.expectConnectionError(Http3Error.STREAM_CREATION_ERROR);
        }
    }

    /** RFC 9114 section 6.2.2: only servers push. (The original aborts the stream alone.) */
    @Test
    void aPushStreamOfAClient() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.openUnidirectionalStream(Http3Frames.PUSH_STREAM);
            client.expectConnectionError(Http3Error.STREAM_CREATION_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x1, 0x5, 0x2, 0x6, 0x8, 0x9, 0xf0701})
    @DisplayName("frames that do not belong on a control stream end the connection")
    void unexpectedFrames(long type) {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .controlFrame(type, new byte[] {0})
                    .expectConnectionError(
                            type == 0xf0701 ? Http3Error.ID_ERROR : Http3Error.FRAME_UNEXPECTED);
        }
    }

    @Test
    @DisplayName("a second SETTINGS: H3_FRAME_UNEXPECTED")
    void aSecondSettings() {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .controlFrame(Http3Frames.SETTINGS)
                    .expectConnectionError(Http3Error.FRAME_UNEXPECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Http3Frames.MAX_PUSH_ID, 0x21, Http3Frames.DATA})
    @DisplayName("a frame before SETTINGS: H3_MISSING_SETTINGS")
    void settingsAreMissing(long type) {
        try (TestServer server = start()) {
            server.connectHttp3Raw()
                    .controlFrame(type, new byte[] {0})
                    .expectConnectionError(Http3Error.MISSING_SETTINGS);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x3, 30", "0xd, 30", "0x7, 30", "0x21, 20000", "0xf0700, 20000"})
    @DisplayName("control frames that are too long: H3_FRAME_ERROR")
    void longFrames(String type, int length) {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .controlFrame(Long.decode(type), new byte[length])
                    .expectConnectionError(Http3Error.FRAME_ERROR);
            server.connectHttp3Raw()
                    .controlFrame(Http3Frames.SETTINGS, new byte[20000])
                    .expectConnectionError(Http3Error.FRAME_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a control stream that ends, before SETTINGS, in a frame or behind one")
    void aControlStreamThatEnds(boolean reset) {
        try (TestServer server = start()) {
            for (byte[] bytes : new byte[][] {{}, {4, 0}, {4, 0, 0x21, 0}}) {
                Http3Conversation client = server.connectHttp3Raw().controlRaw(bytes);
                client.awaitServerIdle();
                MemoryMultiplexedStream stream = client.controlStream();
                if (reset) {
                    stream.reset(Http3Error.NO_ERROR);
                } else {
                    stream.finish();
                }
                client.expectConnectionError(Http3Error.CLOSED_CRITICAL_STREAM);
            }
        }
    }

    /** RFC 9114 section 7.1, which goes before the end of the stream itself. */
    @Test
    void aControlStreamThatEndsInAFrame() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3().controlRaw((byte) 0x21, (byte) 9);
            client.controlStream().finish();
            client.expectConnectionError(Http3Error.FRAME_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Http3Frames.ENCODER_STREAM, Http3Frames.DECODER_STREAM})
    @DisplayName("an encoder or decoder stream that ends: H3_CLOSED_CRITICAL_STREAM")
    void aStreamOfQPackThatEnds(long type) {
        try (TestServer server = start()) {
            for (boolean reset : new boolean[] {true, false}) {
                Http3Conversation client = server.connectHttp3();
                MemoryMultiplexedStream stream = client.openUnidirectionalStream(type);
                client.awaitServerIdle();
                if (reset) {
                    stream.reset(Http3Error.NO_ERROR);
                } else {
                    stream.finish();
                }
                client.expectConnectionError(Http3Error.CLOSED_CRITICAL_STREAM);
            }
        }
    }

    /** RFC 9114 section 6.2.1: "the receiver MUST NOT request that the sender close" it. */
    @Test
    void theServersControlStreamCanNotBeWritten() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3Raw();
            client.connection().acceptStream().stopSending(Http3Error.NO_ERROR);
            client.expectConnectionError(Http3Error.CLOSED_CRITICAL_STREAM);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x4, 0x21, Integer.MAX_VALUE})
    @DisplayName("streams of unknown types are stopped with H3_STREAM_CREATION_ERROR")
    void unknownTypesOfStreams(long type) {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            assertThat(client.openUnidirectionalStream(type).awaitStopSending())
                    .hasValue(Http3Error.STREAM_CREATION_ERROR);
            client.get(0, "/").expectResponse(0).status(200);
        }
    }

    @Test
    @DisplayName("a stream whose type does not come in time is stopped; one that ends is none")
    void aStreamWithoutAType() throws Exception {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            MemoryMultiplexedStream silent = client.connection().openUnidirectionalStream();
            client.connection().openUnidirectionalStream().finish();
            client.connection().openUnidirectionalStream().reset(1);
            client.advance(Duration.ofSeconds(32));
            assertThat(silent.awaitStopSending()).hasValue(Http3Error.STREAM_CREATION_ERROR);
            client.get(0, "/").expectResponse(0).status(200);
        }
    }

    /** RFC 9114 sections 7.2.3 and 7.2.7, and 5.2. */
    @Test
    void identifiersOfPushes() {
        try (TestServer server = start()) {
            server.connectHttp3()
                    .controlFrame(Http3Frames.MAX_PUSH_ID, (byte) 5)
                    .controlFrame(Http3Frames.MAX_PUSH_ID, (byte) 5)
                    .controlFrame(Http3Frames.MAX_PUSH_ID, (byte) 4)
                    .expectConnectionError(Http3Error.ID_ERROR);
            server.connectHttp3()
                    .controlFrame(Http3Frames.MAX_PUSH_ID, (byte) 5)
                    .controlFrame(Http3Frames.CANCEL_PUSH, (byte) 3)
                    .expectConnectionError(Http3Error.ID_ERROR);
        }
    }

    /** RFC 9218 section 7.2. */
    @Test
    void prioritiesAreOfRequests() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3();
            client.controlFrame(
                    Http3Frames.PRIORITY_UPDATE,
                    Http3Frames.join(new byte[] {8}, "u=1, i".getBytes(StandardCharsets.US_ASCII)));
            client.get(0, "/").expectResponse(0).status(200);
            client.get(8, "/").expectResponse(8).status(200);
            client.controlFrame(Http3Frames.PRIORITY_UPDATE, (byte) 2)
                    .expectConnectionError(Http3Error.ID_ERROR);
        }
    }

    @Test
    @DisplayName("control frames mean the same when they come byte by byte")
    void byteByByte() {
        try (TestServer server = start()) {
            Http3Conversation client = server.connectHttp3Raw();
            byte[] all =
                    Http3Frames.join(
                            Http3Frames.frame(Http3Frames.SETTINGS, Http3Frames.varInts(0x6, 20)),
                            Http3Frames.frame(0x21, new byte[300]),
                            Http3Frames.frame(
                                    Http3Frames.MAX_PUSH_ID, Http3Frames.varInt(1 << 20)));
            for (byte each : all) {
                client.controlRaw(each);
                client.controlStream().awaitServerIdle();
            }
            client.get(0, "/");
            client.awaitServerIdle();
            client.controlFrame(Http3Frames.MAX_PUSH_ID, (byte) 4)
                    .expectConnectionError(Http3Error.ID_ERROR);
        }
    }
}
