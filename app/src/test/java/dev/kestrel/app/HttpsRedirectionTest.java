package dev.kestrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.Http1Response;
import dev.kestrel.testkit.Http2Conversation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(30)
class HttpsRedirectionTest {

    private static WebApplication application(HttpsRedirection redirection) {
        return WebApplication.create()
                .use(redirection)
                .run(ctx -> ctx.response().send("Hello " + ctx.request().scheme()));
    }

    private static Http1Response ask(HttpsRedirection redirection, String line, String host)
            throws IOException {
        try (TestServer server = new TestServer(application(redirection).toHandler());
                Http1Conversation client = server.connect()) {
            return client.send(line + " HTTP/1.1", "Host: " + host, "").nextResponse();
        }
    }

    /** "https://" host path query, on another port where it is not the default one. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "443, /,                       example.org,       https://example.org/",
                "443, /,                       example.org:80,    https://example.org/",
                "443, /,                       example.org:8080,  https://example.org/",
                "8443, /a%2Fb/../c?d=e%20f&g,  example.org:8080,  https://example.org:8443/a%2Fb/../c?d=e%20f&g",
                "8443, /,                      [::1]:8080,        https://[::1]:8443/",
                "443, /,                       127.0.0.1,         https://127.0.0.1/",
                "443, //evil.example/,         example.org,       https://example.org//evil.example/",
                "443, http://example.org/a?b,  example.org,       https://example.org/a?b",
                "443, http://example.org?b/c,  example.org,       https://example.org/?b/c",
                "443, http://example.org,      example.org,       https://example.org/"
            })
    void toTheSamePlace(int port, String target, String host, String location) throws IOException {
        Http1Response answer = ask(HttpsRedirection.toPort(port), "GET " + target, host);
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.header("Location")).containsExactly(location);
        assertThat(answer.header("Content-Length")).containsExactly("0");
    }

    @Test
    void toPort443UnlessToldOtherwise() throws IOException {
        Http1Response answer = ask(HttpsRedirection.create(), "GET /", "example.org:8080");
        assertThat(answer.header("Location")).containsExactly("https://example.org/");
    }

    /** As in the original: 307 keeps the method, so none has to be left out. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void allMethods(String method) throws IOException {
        assertThat(ask(HttpsRedirection.create(), method + " /", "example.org").status())
                .isEqualTo(307);
    }

    @Test
    void permanently() throws IOException {
        assertThat(ask(HttpsRedirection.create().permanent(), "GET /", "example.org").status())
                .isEqualTo(308);
    }

    /** Nothing that reads as another place than it looks like. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "evil.example;example.org", "a&b", "'", "-a", "a~b", ".example.org"})
    void aHostThatIsNoneIsNotSentBack(String host) throws IOException {
        Http1Response answer = ask(HttpsRedirection.create(), "GET /", host);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Location")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example/", "user@evil.example", "evil.example\\", "a b", "a#b"})
    void aHostThatIsNoHostDoesNotComeHere(String host) throws IOException {
        Http1Response answer = ask(HttpsRedirection.create(), "GET /", host);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Location")).isEmpty();
    }

    @Test
    void aTargetWithoutAPathHasNoPlace() throws IOException {
        assertThat(ask(HttpsRedirection.create(), "OPTIONS *", "example.org").status())
                .isEqualTo(400);
    }

    @Test
    void whatCameOverHttpsGoesOn() {
        try (dev.kestrel.testkit.TestServer server =
                dev.kestrel.testkit.TestServer.http2()
                        .options(options -> options.allowAlternateSchemes(true))
                        .start(application(HttpsRedirection.create()).toHandler())) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, ":method", "GET", ":scheme", "https", ":path", "/");
            client.expectResponse(1).status(200).body("Hello https");
        }
    }

    @Test
    void aPortThatIsKnownLater() throws IOException {
        AtomicInteger port = new AtomicInteger();
        HttpsRedirection redirection = HttpsRedirection.toPort(port::get);
        port.set(8444);
        assertThat(ask(redirection, "GET /", "example.org").header("Location"))
                .containsExactly("https://example.org:8444/");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void aPortOutOfRangeIsRefused(int port) {
        assertThatThrownBy(() -> HttpsRedirection.toPort(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535");
    }
}
