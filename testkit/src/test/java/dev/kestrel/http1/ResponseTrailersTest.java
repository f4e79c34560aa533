package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;

/** Fields behind the body (RFC 9110 section 6.5, RFC 9112 section 7.1.2). */
@Timeout(30)
class ResponseTrailersTest {

    private static final HttpHandler CHECKSUM =
            ctx -> {
                ctx.response().declareTrailer("Checksum");
                ctx.response().outputStream().write("body".getBytes(StandardCharsets.US_ASCII));
                ctx.response().flush();
                if (ctx.response().supportsTrailers()) {
                    ctx.response().trailers().set("Checksum", "42");
                }
            };

    /**
     * "The presence of the keyword 'trailers' indicates that the client is willing to accept
     * trailer fields".
     */
    @Test
    void aClientThatWantsTrailersGetsThoseThatWereAnnounced() {
        try (TestServer server = TestServer.start(CHECKSUM)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "TE: trailers", "Connection: TE", "");
            client.expectStatus(200)
                    .expectHeader("Trailer", "Checksum")
                    .expectHeader("Transfer-Encoding", "chunked");
            client.expectRaw("4\r\nbody\r\n0\r\nChecksum: 42\r\n\r\n").expectNothingYet();
        }
    }

    @Test
    void aClientThatDoesNotWantThemDoesNotGetThem() {
        try (TestServer server = TestServer.start(CHECKSUM)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectNoHeader("Trailer")
                    .expectBody("body")
                    .expectTrailer("Checksum");
            client.expectNothingYet();
        }
    }

    @Test
    void http10HasNone() {
        HttpHandler handler =
                ctx -> {
                    assertThat(ctx.response().supportsTrailers()).isFalse();
                    assertThatThrownBy(() -> ctx.response().trailers())
                            .isInstanceOf(IllegalStateException.class);
                    CHECKSUM.handle(ctx);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.0", "TE: trailers", "");
            client.expectStatus(200).expectNoHeader("Trailer").expectBody("body").expectClosed();
        }
    }

    @Test
    void trailersAreCheckedLikeEveryField() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().declareTrailer("X");
                    ctx.response().outputStream().write("body".getBytes(StandardCharsets.US_ASCII));
                    ctx.response().flush();
                    assertThatThrownBy(() -> ctx.response().trailers().set("X", "a\r\nInjected: b"))
                            .isInstanceOf(IllegalArgumentException.class);
                    ctx.response().trailers().set("X", "fine");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "TE: trailers", "");
            client.expectStatus(200)
                    .expectBody("body")
                    .expectTrailer("X", "fine")
                    .expectTrailer("Injected");
        }
    }

    @Test
    void trailersOfOneResponseAreNotThoseOfTheNext() {
        HttpHandler handler =
                ctx -> {
                    if (ctx.request().path().equals("/1")) {
                        CHECKSUM.handle(ctx);
                    } else {
                        ctx.response()
                                .outputStream()
                                .write("plain".getBytes(StandardCharsets.US_ASCII));
                        ctx.response().flush();
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET /1 HTTP/1.1", "Host: x", "TE: trailers", "");
            client.expectStatus(200).expectBody("body").expectTrailer("Checksum", "42");
            client.send("GET /2 HTTP/1.1", "Host: x", "TE: trailers", "");
            client.expectStatus(200)
                    .expectNoHeader("Trailer")
                    .expectBody("plain")
                    .expectTrailer("Checksum");
        }
    }
}
