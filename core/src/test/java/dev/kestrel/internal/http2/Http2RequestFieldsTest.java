package dev.kestrel.internal.http2;

import static dev.kestrel.internal.http2.HeadReading.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.options.KestrelServerOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Which fields a request may have, and how the application sees them. */
class Http2RequestFieldsTest {

    private static final String MALFORMED = "PROTOCOL_ERROR 5";

    private final HeadReading reading = new HeadReading();

    @Test
    void namesThatAreKnownAreWrittenAsOverHttp11() {
        reading.read(with("content-type: text/plain", "x-mine: 1", "empty: ", "x-mine: 2"));

        assertThat(reading.request.headers())
                .hasToString("Content-Type: text/plain\nx-mine: 1\nempty: \nx-mine: 2\n");
    }

    /**
     * RFC 9113 section 8.2.1: "A request or response that contains a field that violates any of
     * these conditions MUST be treated as malformed".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Upper: 1",
                "x-uppeR: 1",
                "Host: a",
                "x y: 1",
                "x\0: 1",
                "x\u007f: 1",
                "x\u00e9: 1",
                "x:y: 1",
                "x(y: 1",
                "x: a\0b",
                "x: a\rb",
                "x: a\nb",
                "x: a\r\nb",
                "x: a\u0001b",
                "x: a\u007fb",
                "x:  a",
                "x: a ",
                "x: \ta",
                "x: a\t",
                "x:  ",
            })
    void namesAndValuesAreChecked(String line) {
        assertThat(reading.read(with(line))).isEqualTo(MALFORMED);
        assertThat(reading.readTrailers(line)).isEqualTo(MALFORMED);
    }

    /**
     * RFC 9113 section 8.2.2: "Any message containing connection-specific header fields MUST be
     * treated as malformed"; TE "MUST NOT contain any value other than "trailers"".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: close",
                "connection: ",
                "proxy-connection: keep-alive",
                "keep-alive: timeout=5",
                "transfer-encoding: chunked",
                "upgrade: h2c",
                "te: gzip",
                "te: trailers, deflate;q=0.5",
                "te: Trailers",
                "te: ",
            })
    void connectionSpecificFieldsAreMalformed(String line) {
        assertThat(reading.read(with(line))).isEqualTo(MALFORMED);
        assertThat(reading.readTrailers(line)).isEqualTo(MALFORMED);
    }

    @Test
    void teMaySayTrailers() {
        assertThat(reading.read(with("te: trailers"))).startsWith("GET");
    }

    /** RFC 9113 section 8.3: "Pseudo-header fields MUST NOT appear in a trailer section." */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method: GET",
                ":path: /",
                ":scheme: http",
                ":authority: a",
                ":status: 200"
            })
    void trailersHaveNoPseudoHeaderFields(String line) {
        assertThat(reading.readTrailers(line)).isEqualTo(MALFORMED);
    }

    /** RFC 9110 section 6.5.1: fields for framing and routing do not belong in trailers. */
    @Test
    void trailersDoNotChangeHostOrLength() {
        assertThat(reading.readTrailers("x: 1", "host: b", "content-length: 7", "cookie: a=b"))
                .isEqualTo("x: 1\nCookie: a=b\n");
    }

    /** RFC 9113 section 8.2.3: "these MUST be concatenated ... using the two-octet delimiter". */
    @Test
    void cookieCrumbsAreJoined() {
        reading.read(with("cookie: a=b", "x: 1", "cookie: c=d; e=f", "cookie: g=h"));

        assertThat(reading.request.headers().getAll("cookie"))
                .containsExactly("a=b; c=d; e=f; g=h");
    }

    @Test
    void valuesAreStrictUtf8() {
        reading.read(with("x: gr\u00fc\u00df", "cookie: \ud83c\udf6a"));
        assertThat(reading.request.header("x")).isEqualTo("gr\u00fc\u00df");
        assertThat(reading.request.header("cookie")).isEqualTo("\ud83c\udf6a");

        reading.head.beginRequest(reading.request.mutableHeaders());
        reading.head.onField(HPackName.of("x"), "\u00a3");
        assertThat(reading.head.malformed()).isNotNull();
    }

    @Test
    void valuesAreDecodedByTheCharsetOfTheOptions() {
        HeadReading latin =
                new HeadReading(
                        KestrelServerOptions.builder()
                                .requestHeaderEncodingSelector(
                                        name ->
                                                name.equals("x")
                                                        ? StandardCharsets.ISO_8859_1
                                                        : null)
                                .build());
        latin.head.beginRequest(latin.request.mutableHeaders());
        latin.head.onField(HPackName.of("x"), "\u00a3");
        assertThat(latin.head.malformed()).isNull();
        assertThat(latin.request.header("x")).isEqualTo("\u00a3");

        latin.head.onField(HPackName.of("y"), "\u00a3");
        assertThat(latin.head.malformed()).isNotNull();
    }

    /** The original's CustomEncoding_InvalidCharacters: no line may end by decoding. */
    @Test
    void aCharsetCanNotBringLineEndsIn() {
        // In EBCDIC, 0xc1 is A and 0x25 a line feed.
        HeadReading ebcdic =
                new HeadReading(
                        KestrelServerOptions.builder()
                                .requestHeaderEncodingSelector(name -> Charset.forName("IBM037"))
                                .build());
        ebcdic.head.beginRequest(ebcdic.request.mutableHeaders());
        ebcdic.head.onField(HPackName.of("x"), "\u00c1");
        assertThat(ebcdic.request.header("x")).isEqualTo("A");

        ebcdic.head.onField(HPackName.of("y"), "\u00c1%\u00c1");
        assertThat(ebcdic.head.malformed()).isNotNull();
    }

    /** RFC 9110 section 8.6: {@code Content-Length = 1*DIGIT}; as over HTTP/1.1, once. */
    @Test
    void contentLengthIsANumberAndOccursOnce() {
        assertThat(reading.read(with("content-length: 12"))).startsWith("GET");
        assertThat(reading.head.contentLength()).isEqualTo(12);
        assertThat(reading.request.headers().contentLength()).isEqualTo(12);
        assertThat(reading.read(with("x: 1"))).startsWith("GET");
        assertThat(reading.head.contentLength()).isEqualTo(-1);
        for (String bad : new String[] {"", "+1", "-1", "1, 1", "0x1", "9223372036854775808"}) {
            assertThat(reading.read(with("content-length: " + bad))).as(bad).isEqualTo(MALFORMED);
        }
        assertThat(reading.read(with("content-length: 1", "content-length: 1")))
                .isEqualTo(MALFORMED);
    }

    /** RFC 9113 section 8.1.1: content-length must equal the sum of the DATA frame payloads. */
    @Test
    void aBodyThatIsAnnouncedMustFollow() {
        assertThat(reading.read(true, with("content-length: 1"))).isEqualTo(MALFORMED);
        assertThat(reading.read(true, with("content-length: 0"))).startsWith("GET");
        assertThat(reading.read(false, with("content-length: 1"))).startsWith("GET");
    }

    @Test
    void expectIsThatOfHttp11() {
        assertThat(reading.read(with("expect: 100-continue"))).startsWith("GET");
        assertThat(reading.head.expectsContinue()).isTrue();
        assertThat(reading.read(true, with("expect: 100-Continue"))).startsWith("GET");
        assertThat(reading.head.expectsContinue()).isFalse();
        assertThat(reading.read(with("expect: 200-ok"))).isEqualTo("417");
        assertThat(reading.request.path()).as("it can be answered").isEqualTo("/");
    }

    /** RFC 9218 section 5: a Dictionary, which may come in several lines. */
    @Test
    void priorityIsKept() {
        reading.read(with("priority: u=2", "priority: i"));
        assertThat(reading.head.priority()).isEqualTo("u=2, i");
        reading.read(with());
        assertThat(reading.head.priority()).isNull();
    }

    /** RFC 9113 section 6.5.2: names and values "plus an overhead of 32 octets for each field". */
    @Test
    void fieldsAreCounted() {
        reading.read(":method: GET", ":scheme: http", ":path: /", "x: 123");

        assertThat(reading.head.headerBytes())
                .isEqualTo(4 * 32 + ":methodGET:schemehttp:path/x123".length());
    }

    /** A bad field is noted, and what comes behind it is of no use to anyone. */
    @Test
    void theFirstMistakeIsKept() {
        reading.head.beginRequest(reading.request.mutableHeaders());
        reading.give("x: 1", "Y: 2", "z: 3", "te: no");

        assertThat(reading.head.malformed()).contains("token");
        assertThat(reading.request.headers()).hasToString("x: 1\n");
    }

    @Test
    void aBlockThatIsDiscardedGoesNowhere() {
        reading.read(with("x: 1"));
        reading.head.beginDiscard();
        reading.give("y: 2", "Z: 3");

        assertThat(reading.head.malformed()).isNull();
        assertThat(reading.request.headers()).hasToString("x: 1\n");
        assertThat(reading.head.headerBytes()).isEqualTo(68);
    }
}
