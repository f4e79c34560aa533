package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions.PlainHttp;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Clear text where TLS is spoken, and the other way round. */
@Timeout(60)
class PlainHttpTest {

    private static final HttpHandler NEVER =
            ctx -> {
                throw new AssertionError("Nothing in clear text reaches an application");
            };

    private static TestServer start(PlainHttp kind) {
        return TestServer.builder().https(options -> options.plainHttp(kind)).start(NEVER);
    }

    private static String answer(TestServer server, byte[] sent) throws IOException {
        MemoryConnection connection = server.connectRaw();
        connection.write(sent);
        return new String(connection.inputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String answer(TestServer server, String sent) throws IOException {
        return answer(server, sent.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertBadRequest(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\nConnection: close\r\n")
                .endsWith("This port speaks HTTPS: use https:// instead of http://\n")
                .doesNotContain("Location");
    }

    /** "400 and a line that says what is wrong, in clear text." */
    @Test
    void aRequestIsAnsweredWithWhatIsWrong() throws IOException {
        try (TestServer server = start(PlainHttp.BAD_REQUEST)) {
            assertBadRequest(answer(server, Tls.GET));
            assertBadRequest(answer(server, "G"));
            assertBadRequest(answer(server, "get"));
            assertThat(Tls.failedHandshakes(server)).isEqualTo(3);
        }
    }

    /** "308 to the same address with https (RFC 9110 section 15.4.9)". */
    @ParameterizedTest
    @CsvSource({
        "example.org,/,https://example.org/",
        "example.org:8443,/a/b?c=d&e=%20,https://example.org:8443/a/b?c=d&e=%20",
        "[::1],/,https://[::1]/",
        "[2001:db8::1]:8443,/x,https://[2001:db8::1]:8443/x",
        "127.0.0.1:5001,/,https://127.0.0.1:5001/",
        "example.org,//evil.test/x,https://example.org//evil.test/x",
        "example.org,/@evil.test,https://example.org/@evil.test"
    })
    void aRedirectKeepsTheAddress(String host, String target, String location) throws IOException {
        try (TestServer server = start(PlainHttp.REDIRECT)) {
            assertThat(answer(server, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .isEqualTo(
                            "HTTP/1.1 308 Permanent Redirect\r\nLocation: "
                                    + location
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    }

    /** What could lead elsewhere, or end the field, is answered with 400. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@evil.test\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\nX-Injected: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rX-Injected: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:80:90\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\u00e4\r\n\r\n",
                "GET http://evil.test/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET https://evil.test/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET evil.test HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET @evil.test/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET .evil.test/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\\evil.test HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\nX: b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT evil.test:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /\r\n\r\n"
            })
    void noRedirectToElsewhere(String request) throws IOException {
        try (TestServer server = start(PlainHttp.REDIRECT)) {
            assertBadRequest(answer(server, request));
        }
    }

    @Test
    void aHeadThatIsTooLongIsNotWaitedFor() throws IOException {
        try (TestServer server = start(PlainHttp.REDIRECT)) {
            String head = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000);
            assertBadRequest(answer(server, head));
        }
    }

    @Test
    void aHeadThatDoesNotComeIsResetAfterTheTimeOfAHandshake() throws IOException {
        try (TestServer server = start(PlainHttp.REDIRECT)) {
            MemoryConnection connection = server.connectRaw();
            connection.write("GET / HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.awaitServerIdle();
            server.time().advance(Duration.ofSeconds(12));
            assertThatThrownBy(() -> connection.inputStream().readAllBytes())
                    .isInstanceOf(ConnectionResetException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAD_REQUEST", "REDIRECT"})
    void http2InClearText(PlainHttp kind) throws IOException {
        try (TestServer server = start(kind)) {
            assertBadRequest(answer(server, Http2Frames.preface()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\u0080\u002e\u0001", "1234", " GET", "\r\n", "\u00ff", "{}"})
    void whatIsNeitherIsClosed(String sent) throws IOException {
        try (TestServer server = start(PlainHttp.REDIRECT)) {
            assertThat(answer(server, sent)).isEmpty();
        }
    }

    /** The original's TlsOverHttp. */
    @Test
    void tlsWhereClearTextIsSpoken() throws IOException {
        try (TestServer server =
                TestServer.builder()
                        .endPoint(endPoint -> endPoint.protocols(HttpVersion.HTTP_1_1))
                        .start(NEVER)) {
            assertThat(answer(server, Tls.hello(Tls.client("localhost", "http/1.1"))))
                    .startsWith("HTTP/1.1 400 ");
        }
    }
}
