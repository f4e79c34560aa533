package dev.kestrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/**
 * {@code Strict-Transport-Security}. The scheme of a request is the one that HTTP/2 carries, as
 * behind a proxy that ends TLS.
 */
@Timeout(30)
class HstsTest {

    private static final String FIELD = "strict-transport-security";

    private static List<String> said(Hsts hsts, String scheme, String authority) {
        return said(hsts, scheme, authority, ctx -> ctx.response().send("Hello"));
    }

    private static List<String> said(
            Hsts hsts, String scheme, String authority, HttpHandler handler) {
        WebApplication app = WebApplication.create().use(hsts).run(handler);
        try (TestServer server =
                TestServer.http2()
                        .options(options -> options.allowAlternateSchemes(true))
                        .start(app.toHandler())) {
            Http2Conversation client = server.connectHttp2();
            client.headers(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":scheme",
                    scheme,
                    ":authority",
                    authority,
                    ":path",
                    "/");
            return client.expectResponse(1).headerValues(FIELD);
        }
    }

    /** The original's default is 30 days. */
    @Test
    void thirtyDaysForTheHostAlone() {
        assertThat(said(Hsts.create(), "https", "example.org")).containsExactly("max-age=2592000");
    }

    /** RFC 6797 section 6.1: directives are separated by semicolons. */
    @Test
    void everythingThatCanBeSaid() {
        Hsts hsts =
                Hsts.create().maxAge(Duration.ofDays(365)).includeSubDomains(true).preload(true);
        assertThat(said(hsts, "https", "example.org:8443"))
                .containsExactly("max-age=31536000; includeSubDomains; preload");
    }

    /**
     * "An HSTS Host MUST NOT include the STS header field in HTTP responses conveyed over
     * non-secure transport" (RFC 6797 section 7.2).
     */
    @Test
    void nothingOverHttp() {
        assertThat(said(Hsts.create(), "http", "example.org")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8443",
                "127.0.0.1",
                "127.0.0.1:8443",
                "[::1]",
                "[::1]:8443"
            })
    void nothingForThisMachine(String authority) {
        assertThat(said(Hsts.create(), "https", authority)).isEmpty();
    }

    @Test
    void otherHostsMayBeExcluded() {
        Hsts hsts = Hsts.create().excludedHosts(List.of("Example.com"));
        assertThat(said(hsts, "https", "example.com:8443")).isEmpty();
        assertThat(said(hsts, "https", "localhost")).hasSize(1);
        assertThat(said(Hsts.create().excludedHosts(List.of()), "https", "[::1]")).hasSize(1);
    }

    /** "the HSTS Host MUST include only one such header field" (RFC 6797 section 7.1). */
    @Test
    void whatTheApplicationSaysStays() {
        assertThat(
                        said(
                                Hsts.create(),
                                "https",
                                "example.org",
                                ctx ->
                                        ctx.response()
                                                .header("Strict-Transport-Security", "max-age=0")
                                                .send("")))
                .containsExactly("max-age=0");
    }

    @Test
    void alsoForAnAnswerThatWasBegunAnew() {
        assertThat(
                        said(
                                Hsts.create(),
                                "https",
                                "example.org",
                                ctx -> {
                                    ctx.response().clear();
                                    ctx.response().status(404).send("");
                                }))
                .hasSize(1);
    }

    @Test
    void aNegativeTimeIsRefused() {
        assertThatThrownBy(() -> Hsts.create().maxAge(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxAge");
    }
}
