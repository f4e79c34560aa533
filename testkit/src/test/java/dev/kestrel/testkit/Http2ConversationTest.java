package dev.kestrel.testkit;

import static dev.kestrel.testkit.Http2Frames.CONTINUATION;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.pipelines.MemoryPool;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A server here is bytes that were made by hand. */
@Timeout(30)
class Http2ConversationTest {

    private static final byte[] OK = block(":status", "200");

    private ConnectionContext server;
    private Http2Conversation client;

    @BeforeEach
    void connect() throws IOException {
        MemoryEndPoint place = new MemoryEndPoint("place");
        MemoryTransport transport = new MemoryTransport(new MemoryPool());
        var listener = transport.bind(place);
        client = new Http2Conversation(transport.connect(place), new ManualTimeProvider());
        server = listener.accept();
        client.preface().settings();
        says(frame(SETTINGS, 0, 0), frame(SETTINGS, Http2Frames.ACK, 0));
        client.expectSettings();
        client.expectSettingsAck();
    }

    private void says(byte[]... frames) throws IOException {
        server.transport().output().write(join(frames));
        server.transport().output().flush();
    }

    private static byte[] head(int streamId, boolean end, String... more) {
        return frame(
                HEADERS, END_HEADERS | (end ? END_STREAM : 0), streamId, join(OK, block(more)));
    }

    private static byte[] data(int streamId, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, streamId, bytes(text));
    }

    @Test
    void aRequestIsLiteralFieldsInOneFrame() throws IOException {
        client.get(1, "/a", "x", "y");

        byte[] sent = new byte[24 + 9 + 9 + 66];
        int count = 0;
        while (count < sent.length) {
            count += server.transport().input().asInputStream().read(sent, count, 1);
        }
        assertThat(HexFormat.of().formatHex(sent, 33, 33 + 9 + 19))
                .isEqualTo("000042010500000001" + "00073a6d6574686f6403474554" + "00073a736368");
    }

    @Test
    void framesOfOtherStreamsWait() throws IOException {
        client.get(1, "/").get(3, "/");
        says(head(3, false), head(1, true), data(3, false, "a"), data(3, true, "b"));

        client.expectResponse(1).status(200).body("");
        client.expectResponse(3).body("ab").header("date");
        server.close();
        client.expectClosed();
    }

    @Test
    void aResponseHasInterimResponsesAndTrailers() throws IOException {
        client.get(1, "/");
        says(
                frame(HEADERS, END_HEADERS, 1, block(":status", "103", "link", "</a>")),
                head(1, false, "content-length", "2"),
                data(1, false, "hi"),
                frame(HEADERS, END_HEADERS | END_STREAM, 1, block("sum", "7")));

        Http2Response response = client.expectResponse(1);
        response.status(200).interims(103).body("hi").trailer("sum", "7").trailer("other");
        assertThat(response.interims().getFirst().headerValues("Link")).containsExactly("</a>");
    }

    @Test
    void aResponseThatIsResetIsNotComplete() throws IOException {
        client.get(1, "/");
        says(head(1, false), data(1, false, "hi"), frame(RST_STREAM, 0, 1, ints(2)));

        Http2Response response = client.expectResponse(1).reset(Http2Error.INTERNAL_ERROR);
        assertThatThrownBy(() -> response.body("hi"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("RST_STREAM INTERNAL_ERROR");
    }

    @Test
    void dataIsComparedHoweverItIsCut() throws IOException {
        client.get(1, "/");
        says(head(1, false), data(1, false, "ab"), data(1, false, "cd"), data(1, true, "ef"));

        client.expectHeaders(1).status(200);
        client.expectData(1, "a").expectData(1, "bcde").expectData(1, "f").expectEndStream(1);
    }

    @Test
    void endStreamOfAHeadIsExpectedLikeAnyOther() throws IOException {
        client.get(1, "/");
        says(head(1, true));

        client.expectHeaders(1);
        client.expectEndStream(1);
        server.close();
        client.expectClosed();
    }

    @Test
    void whatIsLeftIsInTheWayOfTheEnd() throws IOException {
        client.get(1, "/");
        says(head(1, true));
        server.close();

        assertThatThrownBy(client::expectClosed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("HEADERS(1) END_STREAM [:status: 200]");
    }

    @Test
    void aHeaderBlockIsOneFrameThatKnowsItsPieces() throws IOException {
        client.get(1, "/");
        byte[] more = block("a", "b");
        says(
                frame(HEADERS, END_STREAM, 1, OK),
                frame(CONTINUATION, 0, 1, more[0]),
                frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(more, 1, 5)));

        Http2Response response = client.expectResponse(1).header("a", "b");
        assertThat(response.pieces()).isEqualTo(List.of(OK.length, 1, 4));
    }

    @Test
    void windowUpdatesAreRecorded() throws IOException {
        client.post(1, "/").data(1, false, new byte[60]);
        says(
                frame(WINDOW_UPDATE, 0, 0, ints(1000)),
                frame(WINDOW_UPDATE, 0, 1, ints(20)),
                head(1, true),
                frame(WINDOW_UPDATE, 0, 1, ints(30)),
                frame(WINDOW_UPDATE, 0, 1, ints(10)));

        client.expectResponse(1).status(200);
        assertThat(client.windowUpdates(1)).isEqualTo(20);
        client.expectWindowUpdate(0, 1000).expectWindowUpdate(1, 20).expectWindowUpdates(1, 40);
    }

    @Test
    void pingsGoAwayAndResetAreCompared() throws IOException {
        client.ping(7).get(1, "/");
        says(
                frame(PING, Http2Frames.ACK, 0, ints(0, 7)),
                frame(RST_STREAM, 0, 1, ints(8)),
                frame(PING, 0, 0, ints(0, 9)),
                frame(GOAWAY, 0, 0, ints(1, 1)));
        server.close();

        client.expectPingAck(7).expectReset(1, Http2Error.CANCEL);
        assertThat(client.expectPing()).isEqualTo(9);
        client.expectConnectionError(1, Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void theTableOfTheServerIsFollowed() throws IOException {
        client.get(1, "/").get(3, "/");
        // RFC 7541 appendix C: a literal that is indexed, then its index in the dynamic table.
        says(
                frame(HEADERS, 0x5, 1, HexFormat.of().parseHex("88" + "40016101" + "62")),
                frame(HEADERS, 0x5, 3, HexFormat.of().parseHex("88be")));

        client.expectResponse(3).header("a", "b");
        client.expectResponse(1).header("a", "b");
    }

    @Test
    void settingsCountAsSoonAsTheServerMayGoByThem() throws IOException {
        client.settings(Http2Frames.MAX_FRAME_SIZE, 20000).get(1, "/");
        says(head(1, false), frame(DATA, 0, 1, new byte[20000]));
        client.settings(Http2Frames.MAX_FRAME_SIZE, 16384);
        says(
                frame(SETTINGS, Http2Frames.ACK, 0),
                frame(DATA, 0, 1, new byte[20000]),
                frame(SETTINGS, Http2Frames.ACK, 0),
                frame(DATA, END_STREAM, 1, new byte[16385]));

        client.expectHeaders(1);
        client.readData(1, 40000);
        assertThatThrownBy(() -> client.readData(1, 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("section 4.2");
    }

    static Stream<Arguments> breaches() {
        byte[] one = head(1, false);
        return Stream.of(
                Arguments.of("5.1.1", head(5, true)),
                Arguments.of("5.1.1", head(2, true)),
                Arguments.of("8.1", data(1, false, "x")),
                Arguments.of("5.1", join(head(1, true), data(1, true, ""))),
                Arguments.of("5.1", join(frame(RST_STREAM, 0, 1, ints(0)), one)),
                Arguments.of("8.1", join(one, head(1, true))),
                Arguments.of("8.1", join(one, frame(HEADERS, 4, 1, block("a", "b")))),
                Arguments.of("8.3.2", frame(HEADERS, 4, 1, block("a", "b"))),
                Arguments.of("8.2.1", head(1, false, "A", "b")),
                Arguments.of("8.2.1", head(1, false, "a", "b\n")),
                Arguments.of("8.2.2", head(1, false, "connection", "close")),
                Arguments.of(
                        "8.1.1", join(head(1, false, "content-length", "1"), data(1, true, "ab"))),
                Arguments.of(
                        "8.1.1", join(head(1, false, "content-length", "3"), data(1, true, "ab"))),
                Arguments.of("8.1", frame(HEADERS, 5, 1, block(":status", "103"))),
                Arguments.of("6.10", join(frame(HEADERS, 0, 1, OK), frame(PING, 0, 0, ints(0, 0)))),
                Arguments.of("6.10", join(frame(HEADERS, 0, 1, OK), frame(CONTINUATION, 4, 3))),
                Arguments.of("4.2", frame(PING, 0, 0, new byte[16385])),
                Arguments.of("4.1", frame(0xbad & 0xFF, 0, 0)),
                Arguments.of("4.1", frame(PING, 4, 0, ints(0, 0))),
                Arguments.of("4.1", frame(PING, 0, Integer.MIN_VALUE, ints(0, 0))),
                Arguments.of("4.1", new byte[] {0, 0, 1}),
                Arguments.of("6.5.3", frame(SETTINGS, 1, 0)),
                Arguments.of("6.5.2", frame(SETTINGS, 0, 0, Http2Frames.settings(2, 1))),
                Arguments.of("6.7", frame(PING, 1, 0, ints(0, 0))),
                Arguments.of(
                        "6.8",
                        join(frame(GOAWAY, 0, 0, ints(1, 0)), frame(GOAWAY, 0, 0, ints(3, 0)))),
                Arguments.of("6.8", join(frame(GOAWAY, 0, 0, ints(1, 0)), head(3, true))),
                Arguments.of("6.9", frame(WINDOW_UPDATE, 0, 0, ints(0))),
                Arguments.of("6.9.1", frame(WINDOW_UPDATE, 0, 1, ints(1))),
                Arguments.of("6.9.1", join(one, manyData(1, 65536))),
                Arguments.of(
                        "6.9.1", join(one, head(3, false), manyData(1, 60000), manyData(3, 6000))),
                Arguments.of(
                        "6.9.1",
                        join(one, frame(DATA, PADDED, 1, new byte[10]), manyData(1, 65526))),
                Arguments.of("A header block", frame(HEADERS, 4, 1, (byte) 0xbe)),
                Arguments.of("6 ", frame(Http2Frames.PRIORITY, 0, 1, new byte[5])),
                Arguments.of("6 ", frame(Http2Frames.PUSH_PROMISE, 4, 1, ints(2))));
    }

    private static byte[] manyData(int streamId, int count) {
        byte[] all = {};
        for (int left = count; left > 0; left -= 16384) {
            all = join(all, frame(DATA, 0, streamId, new byte[Math.min(left, 16384)]));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void whatBreaksTheRfcFailsTheTest(String section, byte[] frames) throws IOException {
        client.get(1, "/").get(3, "/");
        says(frames);
        server.close();

        assertThatThrownBy(client::expectClosed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        section.startsWith("A") ? section : "section " + section.trim());
    }

    @Test
    void nothingIsCheckedWhenATestSaysSo() throws IOException {
        client.unchecked();
        says(data(7, true, "x"));

        assertThat(client.nextFrame(7).text()).isEqualTo("x");
    }

    @Test
    void aWrongResponseIsShown() throws IOException {
        client.get(1, "/");
        says(head(1, true, "a", "b"));

        Http2Response response = client.expectResponse(1);
        assertThatThrownBy(() -> response.status(404))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("404")
                .hasMessageContaining(":status: 200\na: b");
    }
}
