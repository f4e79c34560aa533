package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses (RFC 9110 section 15.2), such as 103 Early Hints (RFC 8297). */
@Timeout(30)
class InterimResponsesTest {

    private static HttpHeaders link(String value) {
        return new HttpHeaders().add("Link", value);
    }

    @Test
    void earlyHintsComeBeforeTheResponseAndAtOnce() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().sendInformational(103, link("</style.css>; rel=preload"));
                    ctx.response().sendInformational(103, link("</script.js>; rel=preload"));
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "");
            client.expectRaw("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
            client.expectStatus(103)
                    .expectHeader("Link", "</script.js>; rel=preload")
                    .expectNothingYet();
            client.sendRaw("hi");
            client.expectStatus(200).expectNoHeader("Link").expectBody("hi").expectNothingYet();
        }
    }

    /** "A server MUST NOT send a 1xx response to an HTTP/1.0 client." */
    @Test
    void http10ClientsGetNone() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().sendInformational(103, link("</x>"));
                    ctx.response().send("final");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.0", "");
            client.expectStatus(200).expectBody("final").expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 99, 200, 404})
    void onlyInterimStatusesThatHaveNoMeaningOfTheirOwn(int status) {
        HttpHandler handler =
                ctx -> {
                    assertThatThrownBy(
                                    () ->
                                            ctx.response()
                                                    .sendInformational(status, new HttpHeaders()))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> ctx.response().status(Math.min(status, 199)))
                            .isInstanceOf(IllegalArgumentException.class);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }

    @Test
    void notOnceTheResponseHasStarted() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().start();
                    assertThatThrownBy(
                                    () -> ctx.response().sendInformational(103, new HttpHeaders()))
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }
}
