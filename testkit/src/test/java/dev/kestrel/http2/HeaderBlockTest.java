package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Conversation.request;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * What is in a header block. "Malformed requests or responses that are detected MUST be treated as
 * a stream error of type PROTOCOL_ERROR" (RFC 9113 section 8.1.1): the connection goes on, with
 * header compression in step.
 */
@Timeout(30)
class HeaderBlockTest {

    private static final int LAST = END_HEADERS | END_STREAM;

    /** {@code x-later: yes}, which goes into the dynamic table. */
    private static final byte[] INDEXED = hex("40 07 782d6c61746572 03 796573");

    private static final HttpHandler LATER =
            ctx -> ctx.response().send(String.valueOf(ctx.request().header("x-later")));

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({"46, 40 0a 61", "47, 00 7f 80 80 80 80 7f"})
    @DisplayName(
            "rows 46 and 47: \"A decoding error in a field block MUST be treated as a connection"
                    + " error of type COMPRESSION_ERROR\"")
    void blocksThatDoNotDecode(int row, String bytes) {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, LAST, hex(bytes));
            client.expectConnectionError(1, Http2Error.COMPRESSION_ERROR);
        }
    }

    @Test
    @DisplayName("row 48: \"A field name MUST NOT contain characters in the ranges ... 0x41-0x5a\"")
    void upperCaseNames() {
        String name = "abcdefghijklmnopqrstuvwxyz";
        try (TestServer server = TestServer.startHttp2(LATER)) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 26; i++) {
                String upper =
                        name.substring(0, i)
                                + Character.toUpperCase(name.charAt(i))
                                + name.substring(i + 1);
                client.get(1 + 2 * i, "/", upper, "1");
                client.expectReset(1 + 2 * i, Http2Error.PROTOCOL_ERROR);
            }
            client.get(101, "/", name, "1").expectResponse(101).status(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "49, :unknown, 0",
        "50, :status, 200",
        "51, :method, GET",
        "51, :path, /",
        "51, :authority, example.org",
        "51, :scheme, http",
    })
    @DisplayName(
            "rows 49 to 51: \"The same pseudo-header field name MUST NOT appear more than once\","
                    + " \"undefined or invalid pseudo-header fields\" are malformed")
    void pseudoHeaderFieldsThatDoNotBelong(int row, String name, String value) {
        malformed(block(request("GET", "/", name, value)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 6})
    @DisplayName(
            "row 52: \"All pseudo-header fields MUST appear in a field block before all regular"
                    + " field lines\"")
    void pseudoHeaderFieldsBehindRegularOnes(int which) {
        List<String> fields = new ArrayList<>(List.of(request("GET", "/")));
        String name = fields.remove(which);
        String value = fields.remove(which);
        Collections.addAll(fields, "x", "1", name, value);
        malformed(block(fields.toArray(String[]::new)));
    }

    @Test
    @DisplayName("row 53: header fields over twice maxRequestHeadersTotalSize end the connection")
    void farTooLargeFields() {
        try (TestServer server =
                TestServer.http2()
                        .limits(limits -> limits.maxRequestHeadersTotalSize(16384))
                        .start(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            String value = "v".repeat(11000);
            client.get(1, "/", "a", value, "b", value, "c", value);
            client.expectConnectionError(1, Http2Error.PROTOCOL_ERROR);
        }
    }

    @Test
    @DisplayName("row 54: more than twice maxRequestHeaderCount fields end the connection")
    void farTooManyFields() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            String[] fields = new String[2 * 200];
            for (int i = 0; i < 200; i++) {
                fields[2 * i] = "x" + i;
                fields[2 * i + 1] = "1";
            }
            client.get(1, "/", fields);
            client.expectConnectionError(1, Http2Error.PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "a\rb", "a\nb", "a\r\nb", " a", "a\t"})
    @DisplayName(
            "rows 55 and 57: \"A field value MUST NOT contain the zero value, line feed, or"
                    + " carriage return at any position\"")
    void valuesThatAreNotAllowed(String value) {
        malformed(block(request("GET", "/", "x", value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\0", "\0", "x y", "x:y", "x\u00e9"})
    @DisplayName(
            "row 56: \"A field name MUST NOT contain characters in the ranges 0x00-0x20, 0x41-0x5a,"
                    + " or 0x7f-0xff\"")
    void namesThatAreNotAllowed(String name) {
        malformed(block(request("GET", "/", name, "1")));
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding, chunked",
        "keep-alive, timeout=5",
        "proxy-connection, keep-alive",
        "upgrade, h2c",
        "connection, close",
        "te, gzip",
        "te, 'trailers, gzip'",
    })
    @DisplayName(
            "row 58: \"Any message containing connection-specific header fields MUST be treated as"
                    + " malformed\"")
    void connectionSpecificFields(String name, String value) {
        malformed(block(request("GET", "/", name, value)));
    }

    @Test
    @DisplayName("row 59: Transfer-Encoding by its index in the static table")
    void transferEncodingByIndex() {
        malformed(hex("82 84 86 0f 2a 07 6368756e6b6564"));
    }

    @Test
    @DisplayName("row 60: a value that is no UTF-8, when no other charset is chosen")
    void latin1() {
        malformed(block(request("GET", "/", "x", "\u00a3")));
    }

    @Test
    @DisplayName("row 61: a charset that turns octets into a line feed")
    void aCharsetThatMakesALineFeed() {
        try (TestServer server =
                TestServer.http2()
                        .options(
                                options ->
                                        options.requestHeaderEncodingSelector(
                                                name ->
                                                        name.equals("x")
                                                                ? Charset.forName("IBM037")
                                                                : null))
                        .start(ctx -> ctx.response().send(ctx.request().header("x")))) {
            Http2Conversation client = server.connectHttp2();
            // In EBCDIC, 0xc1 is A and 0x25 a line feed.
            client.get(1, "/", "x", "\u00c1").expectResponse(1).body("A");
            client.get(3, "/", "x", "\u00c1%").expectReset(3, Http2Error.PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "84", "86", "01 01 61", "00 01 58 01 31", "00 02 74 65 01 31"})
    @DisplayName("row 62: \"Pseudo-header fields MUST NOT appear in a trailer section\"")
    void trailersThatAreNotAllowed(String trailers) {
        trailersAreMalformed(client -> client.headersFrame(1, LAST, join(INDEXED, hex(trailers))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "84", "86", "01 01 61", "00 01 58 01 31"})
    @DisplayName("row 143: the same when it comes in CONTINUATION")
    void trailersThatAreNotAllowedInContinuation(String trailers) {
        trailersAreMalformed(
                client ->
                        client.headersFrame(1, END_STREAM, INDEXED)
                                .continuation(1, END_HEADERS, hex(trailers)));
    }

    @Test
    @DisplayName("row 63: TE \"MAY be present in an HTTP/2 request\" when it says \"trailers\"")
    void teMaySayTrailers() {
        try (TestServer server =
                TestServer.startHttp2(ctx -> ctx.response().send(ctx.request().header("te")))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/", "te", "trailers").expectResponse(1).body("trailers");
        }
    }

    @Test
    @DisplayName("row 64: cookies \"MUST be concatenated into a single octet string\"")
    void cookieCrumbs() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx ->
                                ctx.response()
                                        .send(
                                                ctx.request()
                                                        .headers()
                                                        .getAll("Cookie")
                                                        .toString()))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/", "cookie", "a=0", "x", "1", "cookie", "b=1", "cookie", "c=2");
            client.expectResponse(1).body("[a=0; b=1; c=2]");
        }
    }

    /** The bad block has put a field into the table; the next one has only its index. */
    private static void malformed(byte[] block) {
        try (TestServer server = TestServer.startHttp2(LATER)) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, LAST, join(block, INDEXED));
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.headersFrame(3, LAST, join(block(request("GET", "/")), hex("be")));
            client.expectResponse(3).status(200).body("yes");
            client.expectNothingYet();
        }
    }

    private interface Step {
        void run(Http2Conversation client);
    }

    private static void trailersAreMalformed(Step trailers) {
        try (Gate gate = new Gate();
                TestServer server =
                        TestServer.startHttp2(
                                ctx -> {
                                    if (ctx.request().method().equals("POST")) {
                                        gate.await();
                                    }
                                    LATER.handle(ctx);
                                })) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "body");
            trailers.run(client);
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.headersFrame(3, LAST, join(block(request("GET", "/")), hex("be")));
            client.expectResponse(3).status(200).body("yes");
            gate.open();
            client.expectNothingYet();
        }
    }
}
