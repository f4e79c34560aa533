package dev.kestrel.internal.http2;

import static dev.kestrel.internal.http2.HeadReading.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pseudo-header fields mean together. */
class Http2RequestRulesTest {

    private static final String MALFORMED = "PROTOCOL_ERROR 5";

    private final HeadReading reading = new HeadReading();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ":method: GET, :scheme: http, :path: /a?b=c | GET http /a?b=c [/a] [?b=c] ",
                ":path: /, :method: X-Y, :scheme: HTTP | X-Y http / [/] [] ",
                ":method: OPTIONS, :scheme: http, :path: * | OPTIONS http * [] [] ",
                ":method: GET, :scheme: http, :path: /, :authority: a:80 | GET http / [/] [] a:80",
                ":method: GET, :scheme: http, :path: /, :authority: [::1]:8 | GET http / [/] [] [::1]:8",
                ":method: CONNECT | CONNECT http  [] [] ",
                ":method: CONNECT, :authority: a:443 | CONNECT http a:443 [] [] a:443",
                ":method: CONNECT, :protocol: websocket, :scheme: http, :path: /c, :authority: a"
                        + " | CONNECT http /c [/c] [] a",
                // Malformed ones.
                ":method: GET, :scheme: http | !",
                ":method: GET, :path: / | !",
                ":scheme: http, :path: / | !",
                ":method: , :scheme: http, :path: / | !",
                ":method: GET/, :scheme: http, :path: / | !",
                ":method: GET, :scheme: https, :path: / | !",
                ":method: GET, :scheme: ftp, :path: / | !",
                ":method: GET, :scheme: , :path: / | !",
                ":method: GET, :scheme: http, :path: | !",
                ":method: GET, :scheme: http, :path: * | !",
                ":method: GET, :scheme: http, :path: a/b | !",
                ":method: GET, :scheme: http, :path: http://a/ | !",
                ":method: GET, :scheme: http, :path: /%00 | !",
                ":method: CONNECT, :path: / | !",
                ":method: CONNECT, :scheme: http | !",
                ":method: CONNECT, :authority: u@a:443 | !",
                ":method: CONNECT, :protocol: websocket, :scheme: http | !",
                ":method: CONNECT, :protocol: websocket, :path: / | !",
                ":method: CONNECT, :protocol: , :scheme: http, :path: / | !",
                ":method: CONNECT, :protocol: a b, :scheme: http, :path: / | !",
                ":method: GET, :protocol: websocket, :scheme: http, :path: / | !",
                ":method: GET, :scheme: http, :path: /, :unknown: 1 | !",
                ":method: GET, :scheme: http, :path: /, :status: 200 | !",
                ":method: GET, :scheme: http, :path: /, :method: GET | !",
                ":method: GET, :scheme: http, :path: /, :path: / | !",
                ":method: GET, :scheme: http, :path: /, :scheme: http | !",
                ":method: GET, :scheme: http, :path: /, :authority: a, :authority: a | !",
                "x: 1, :method: GET, :scheme: http, :path: / | !",
                ":method: GET, :scheme: http, x: 1, :path: / | !",
                ":method: GET, :scheme: http, :path: /, :authority: user@a | !",
                ":method: GET, :scheme: http, :path: /, :authority: user:secret@a | !",
                ":method: GET, :scheme: http, :path: /, :authority: a/b | !",
                ":method: GET, :scheme: http, :path: /, :authority: a:b | !",
            })
    void requestsAreTakenOrRefused(String fields, String outcome) {
        String expected = outcome.equals("!") ? MALFORMED : outcome;
        // A value may be empty at the end of a line.
        String[] lines = (fields + " ").split(", (?=:|x)");
        lines[lines.length - 1] = lines[lines.length - 1].replaceFirst("(?<=[^:]) $", "");

        assertThat(reading.read(lines).strip()).isEqualTo(expected.strip());
        assertThat(reading.read(lines).strip()).as("again").isEqualTo(expected.strip());
    }

    @Test
    void connectNamesItsProtocol() {
        reading.read(":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /");
        assertThat(reading.head.isConnect()).isTrue();
        assertThat(reading.head.protocol()).isEqualTo("websocket");
        reading.read(":method: CONNECT");
        assertThat(reading.head.isConnect()).isTrue();
        assertThat(reading.head.protocol()).isNull();
        reading.read(with());
        assertThat(reading.head.isConnect()).isFalse();
    }

    /** What goes through a tunnel is no content (RFC 9110 section 9.3.6). */
    @Test
    void aTunnelHasNoLength() {
        reading.read(":method: CONNECT", "content-length: 5");
        assertThat(reading.head.contentLength()).isEqualTo(-1);
    }

    /**
     * RFC 9113 section 8.3.1: "The recipient of an HTTP/2 request MUST NOT use the Host header
     * field to determine the target URI if ":authority" is present."
     */
    @Test
    void authorityWinsOverHost() {
        assertThat(reading.read(with("host: b"))).endsWith(" b");
        assertThat(reading.request.headers().getAll("host")).containsExactly("b");

        String[][] heads = {
            {":authority: a"},
            {":authority: a", "host: a"},
            {":authority: a", "host: b"},
            {":authority: a", "host: b/c"},
            {":authority: a", "host: b", "host: c"},
        };
        for (String[] head : heads) {
            assertThat(reading.read(with(head))).endsWith(" a");
            assertThat(reading.request.headers().getAll("host")).containsExactly("a");
        }
    }

    @Test
    void hostStandsInForAnAuthorityThatIsMissingOrEmpty() {
        assertThat(reading.read(with(":authority: ", "host: b"))).endsWith(" b");
        assertThat(reading.read(with(":authority: "))).endsWith("[] ");
        assertThat(reading.request.header("host")).isNull();
        assertThat(reading.read(with("host: "))).endsWith("[] ");
        assertThat(reading.read(with("host: b/c"))).isEqualTo(MALFORMED);
        assertThat(reading.read(with("host: b", "host: b"))).isEqualTo(MALFORMED);
        assertThat(reading.read(with(":authority: b/c", "host: b"))).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "https, https",
        "ftp, ftp",
        "HTTPS, https",
        "a+b-c.1, a+b-c.1",
        "http, http",
        "1a, !",
        ":, !",
        "'https,http', !",
        "http://fakehost/, !"
    })
    void otherSchemesMayBeAllowed(String scheme, String seen) {
        HeadReading allowing =
                new HeadReading(KestrelServerOptions.builder().allowAlternateSchemes(true).build());

        String outcome = allowing.read(":method: GET", ":scheme: " + scheme, ":path: /");

        assertThat(outcome).startsWith(seen.equals("!") ? MALFORMED : "GET " + seen + " /");
    }

    /** The original adds up method, scheme, host and path. */
    @Test
    void theRequestLineHasALimit() {
        HeadReading limited =
                new HeadReading(
                        KestrelServerOptions.builder()
                                .limits(
                                        KestrelServerLimits.builder()
                                                .maxRequestLineSize(20)
                                                .build())
                                .build());

        assertThat(limited.read(with(":authority: 345678901234"))).startsWith("GET");
        assertThat(limited.read(with(":authority: 3456789012345"))).isEqualTo(MALFORMED);
        assertThat(limited.read(":method: CONNECT", ":authority: 8901234567890"))
                .startsWith("CONNECT");
        assertThat(limited.read(":method: CONNECT", ":authority: 89012345678901"))
                .isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "\1", "\37", "\177", "\u0161", "\u00a3"})
    void pathsAreVisibleAscii(String character) {
        for (String path :
                new String[] {"/" + character + "a", "/a" + character, "/a?b" + character}) {
            assertThat(reading.read(":method: GET", ":scheme: http", ":path: " + path))
                    .isEqualTo(MALFORMED);
        }
    }

    /** The original's HEADERS_Received_Path_DecodedAndNormalized. */
    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b",
        "/%61/b, /a/b",
        "/a/../b, /b",
        "/a/./b, /a/b",
        "/a%2Fb, /a%2Fb",
        "/a/%2e%2e/b, /b",
        "/a/..?x/../y, /",
        "/.., /",
        "/a?%61=/../, /a"
    })
    void pathsAreDecoded(String raw, String path) {
        reading.read(":method: GET", ":scheme: http", ":path: " + raw);

        assertThat(reading.request.rawTarget()).isEqualTo(raw);
        assertThat(reading.request.path()).isEqualTo(path);
        int query = raw.indexOf('?');
        assertThat(reading.request.queryString()).isEqualTo(query < 0 ? "" : raw.substring(query));
    }

    /** A request that is answered with 431 still has a method, for the answer and the log. */
    @Test
    void aRequestWithTooManyFieldsIsAsGoodAsCanBe() {
        reading.head.beginRequest(reading.request.mutableHeaders());
        reading.give(":method: HEAD", ":path: /a?b");
        reading.head.applyPartly(reading.request);
        assertThat(reading.request.method()).isEqualTo("HEAD");
        assertThat(reading.request.path()).isEqualTo("/a");

        reading.head.beginRequest(reading.request.mutableHeaders());
        reading.give(":method: a b", ":path: a");
        reading.head.applyPartly(reading.request);
        assertThat(reading.request.method()).isEmpty();
        assertThat(reading.request.path()).isEmpty();
    }
}
