package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.FLOW_CONTROL_ERROR;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.ACK;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.ENABLE_CONNECT_PROTOCOL;
import static dev.kestrel.testkit.Http2Frames.ENABLE_PUSH;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADER_TABLE_SIZE;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.MAX_CONCURRENT_STREAMS;
import static dev.kestrel.testkit.Http2Frames.MAX_FRAME_SIZE;
import static dev.kestrel.testkit.Http2Frames.MAX_HEADER_LIST_SIZE;
import static dev.kestrel.testkit.Http2Frames.NO_RFC7540_PRIORITIES;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SETTINGS (RFC 9113 section 6.5). */
@Timeout(30)
class SettingsTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    private static Map<Integer, Integer> settingsOf(TestServer server) {
        Http2Conversation client = server.connectHttp2Raw().preface().settings();
        List<Integer> pairs = client.expectSettings();
        client.settingsAck().expectSettingsAck();
        Map<Integer, Integer> settings = new HashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            assertThat(settings.put(pairs.get(i), pairs.get(i + 1))).isNull();
        }
        return settings;
    }

    /** Row 105; and RFC 9218 section 2.1.1: where it is absent, clients send no PRIORITY_UPDATE. */
    @Test
    void row105_theDefaults() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            assertThat(settingsOf(server))
                    .containsOnly(
                            Map.entry(MAX_CONCURRENT_STREAMS, 100),
                            Map.entry(INITIAL_WINDOW_SIZE, 786432),
                            Map.entry(MAX_HEADER_LIST_SIZE, 32768),
                            Map.entry(ENABLE_CONNECT_PROTOCOL, 1),
                            Map.entry(NO_RFC7540_PRIORITIES, 1));
            Http2Conversation client = server.connectHttp2Raw().preface().settings();
            client.expectWindowUpdate(0, 983041);
        }
    }

    @Test
    void theOptionsAreWhatTheClientIsTold() {
        Http2Limits limits =
                Http2Limits.builder()
                        .maxStreamsPerConnection(7)
                        .initialStreamWindowSize(100_000)
                        .initialConnectionWindowSize(200_000)
                        .maxFrameSize(20_000)
                        .headerTableSize(1000)
                        .build();
        try (TestServer server =
                TestServer.http2()
                        .limits(l -> l.http2(limits).maxRequestHeadersTotalSize(9000))
                        .start(ECHO)) {
            assertThat(settingsOf(server))
                    .containsEntry(MAX_CONCURRENT_STREAMS, 7)
                    .containsEntry(INITIAL_WINDOW_SIZE, 100_000)
                    .containsEntry(MAX_FRAME_SIZE, 20_000)
                    .containsEntry(HEADER_TABLE_SIZE, 1000)
                    .containsEntry(MAX_HEADER_LIST_SIZE, 9000);
            Http2Conversation client = server.connectHttp2Raw().preface().settings();
            client.expectWindowUpdate(0, 200_000 - 65535);
        }
    }

    /** RFC 8441 section 3: "Receipt of this parameter by a server does not have any impact". */
    @Test
    void whatOnlyServersSayIsIgnored() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2(ENABLE_CONNECT_PROTOCOL, 2);
            client.settings(MAX_CONCURRENT_STREAMS, 0, NO_RFC7540_PRIORITIES, 1);
            client.expectSettingsAck().get(1, "/").expectResponse(1).status(200);
        }
    }

    /** Row 106. "the recipient MUST immediately emit a SETTINGS frame with the ACK flag set". */
    @Test
    void row106_settingsAreAcknowledged() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.settings().settings(ENABLE_PUSH, 0, 0xf000, 1);
            client.expectSettingsAck().expectSettingsAck().expectNothingYet();
        }
    }

    /** Section 6.5.3: behind the acknowledgement the client knows that the new window holds. */
    @Test
    void dataThatANewWindowAllowsFollowsTheAcknowledgement() {
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send("0123456789"))) {
            for (int i = 0; i < 300; i++) {
                Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 0);
                client.get(1, "/").expectHeaders(1);
                client.settings(INITIAL_WINDOW_SIZE, 1);
                Http2ReceivedFrame frame = client.nextFrame();
                while (frame.type() != SETTINGS) {
                    assertThat(frame.type()).isNotEqualTo(DATA);
                    frame = client.nextFrame();
                }
                client.expectData(1, "0");
                client.close();
            }
        }
    }

    /** Row 107. */
    @Test
    void row107_anAckIsNotAnswered() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().settingsAck().expectNothingYet();
        }
    }

    /** Row 108. "any value other than 0x00, the endpoint MUST respond with a connection error". */
    @Test
    void row108_onAStream() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().frame(SETTINGS, 0, 1).expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /** Rows 109, 110 and 111; RFC 9218 section 2.1 for the setting 9. */
    @ParameterizedTest
    @CsvSource({
        "2, 2, 1",
        "2, -1, 1",
        "4, -2147483648, 3",
        "4, -1, 3",
        "5, 0, 1",
        "5, 1, 1",
        "5, 16383, 1",
        "5, 16777216, 1",
        "5, -1, 1",
        "9, 2, 1"
    })
    void row109to111_valuesOutOfRange(int id, int value, int code) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            server.connectHttp2().settings(id, value).expectConnectionError(0, code);
        }
    }

    /** Row 112. */
    @Test
    void row112_insideAHeaderBlock() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, block(":method", "GET"));
            client.settings().expectConnectionError(1, PROTOCOL_ERROR);
        }
    }

    /** Row 113. "the ACK flag set and a length field value other than 0 MUST be treated as". */
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 16375})
    void row113_anAckWithAPayload(int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(SETTINGS, ACK, 0, new byte[length]);
            client.expectConnectionError(0, FRAME_SIZE_ERROR);
        }
    }

    /** Row 114. "a length other than a multiple of 6 octets MUST be treated as". */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 7, 34, 37})
    void row114_aLengthThatIsNoMultipleOfSix(int length) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.frame(SETTINGS, 0, 0, new byte[length]);
            client.expectConnectionError(0, FRAME_SIZE_ERROR);
        }
    }

    /** Row 115. "any change [...] that causes any flow-control window to exceed the maximum". */
    @Test
    void row115_aChangeThatPushesAStreamsWindowOverTheMaximum() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.windowUpdate(1, Integer.MAX_VALUE - 65535).expectNothingYet();
            client.settings(INITIAL_WINDOW_SIZE, 65536);
            client.ignore(1).unchecked();
            client.expectConnectionError(1, FLOW_CONTROL_ERROR);
        }
    }

    /** Row 116. */
    @Test
    void row116_theServersFramesAreNoLargerThanItsOwnLimit() {
        byte[] body = new byte[40_000];
        try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send(body))) {
            Http2Conversation client = server.connectHttp2(MAX_FRAME_SIZE, 32768);
            client.get(1, "/").expectHeaders(1).status(200);
            int left = body.length;
            while (left > 0) {
                Http2ReceivedFrame frame = client.nextFrame(1);
                assertThat(frame.payload().length).isLessThanOrEqualTo(16384);
                left -= frame.payload().length;
            }
        }
    }

    /** The other way round: the client's limit is the lower one. */
    @Test
    void row116_norThanTheClients() {
        byte[] body = new byte[60_000];
        Http2Limits limits = Http2Limits.builder().maxFrameSize(50_000).build();
        try (TestServer server =
                TestServer.http2()
                        .limits(l -> l.http2(limits))
                        .start(ctx -> ctx.response().send(body))) {
            Http2Conversation client = server.connectHttp2(MAX_FRAME_SIZE, 30_000);
            client.get(1, "/").expectResponse(1).status(200).body(body);
        }
    }

    /** Row 117. RFC 7541 section 4.2: "MUST occur at the beginning of the first header block". */
    @Test
    void row117_aTableOfNoSizeIsSaidInTheNextBlock() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2(HEADER_TABLE_SIZE, 0);
            client.get(1, "/").get(3, "/");
            Http2ReceivedFrame first = client.nextFrame();
            assertThat(first.payload()[0]).isEqualTo((byte) 0x20);
            client.ignore(first.streamId());
            client.expectResponse(4 - first.streamId()).status(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4096, 4097, Integer.MAX_VALUE, -1})
    void row117_anyTableSizeIsFollowedAndUpToTheServersLimit(int size) {
        HttpHandler handler =
                ctx -> ctx.response().header("a-name", ctx.request().path()).send("x");
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/1").expectResponse(1).header("a-name", "/1").body("x");
            client.settings(HEADER_TABLE_SIZE, size).expectSettingsAck();
            for (int id = 3; id < 40; id += 2) {
                client.get(id, "/" + id).expectResponse(id).header("a-name", "/" + id).body("x");
            }
        }
    }

    @Test
    void row117_aTableThatShrinksAndGrowsInOneFrame() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.settings(HEADER_TABLE_SIZE, 0, HEADER_TABLE_SIZE, 4096).expectSettingsAck();
            client.get(3, "/").expectResponse(3).status(200);
            client.get(5, "/").expectResponse(5).status(200);
        }
    }
}
