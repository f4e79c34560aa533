package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client knows where a response ends (RFC 9112 section 6). */
@Timeout(30)
class ResponseFramingTest {

    @Test
    void aHandlerThatDoesNothingAnswersAnEmpty200() {
        try (TestServer server = TestServer.start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectReason("OK")
                    .expectHeader("Content-Length", "0")
                    .expectBody("");
            client.expectNothingYet();
        }
    }

    @Test
    void aWholeBodyGetsItsLength() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().send("h\u00e9llo"))) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Content-Length", "6")
                    .expectNoHeader("Transfer-Encoding");
            client.expectHeader("Content-Type", "text/plain; charset=utf-8")
                    .expectBody("h\u00e9llo")
                    .expectNothingYet();
        }
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() {
        HttpHandler streaming =
                ctx -> {
                    ctx.response().outputStream().write("Hello ".getBytes());
                    ctx.response().flush();
                    ctx.response().flush();
                    ctx.response().outputStream().write("World, sixteen..".getBytes());
                };
        try (TestServer server = TestServer.start(streaming)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Transfer-Encoding", "chunked")
                    .expectNoHeader("Content-Length");
            client.expectRaw("6\r\nHello \r\n10\r\nWorld, sixteen..\r\n0\r\n\r\n")
                    .expectNothingYet();
        }
    }

    /**
     * "A server MUST NOT send a response containing Transfer-Encoding unless the ... request
     * indicates HTTP/1.1".
     */
    @Test
    void forHttp10TheEndOfTheConnectionIsTheEndOfTheBody() {
        HttpHandler streaming =
                ctx -> {
                    ctx.response().outputStream().write("a".getBytes());
                    ctx.response().flush();
                    ctx.response().outputStream().write("b".getBytes());
                };
        try (TestServer server = TestServer.start(streaming)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.0", "");
            client.expectStatus(200)
                    .expectNoHeader("Transfer-Encoding")
                    .expectNoHeader("Content-Length");
            client.expectBody("ab").expectClosed();
        }
    }

    /**
     * "The HEAD method is identical to GET except that the server MUST NOT send content" (RFC 9110
     * section 9.3.2).
     */
    @Test
    void headHasTheFieldsOfGetAndNoBody() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().send("Hello"))) {
            Http1Conversation client = server.connect();
            client.send("HEAD / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("Content-Length", "5").expectNothingYet();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Content-Length", "5")
                    .expectBody("Hello")
                    .expectNothingYet();
        }
    }

    @Test
    void headSwallowsWhatIsStreamed() {
        HttpHandler streaming =
                ctx -> {
                    ctx.response().outputStream().write(new byte[100_000]);
                    ctx.response().flush();
                    ctx.response().outputStream().write("more".getBytes());
                };
        try (TestServer server = TestServer.start(streaming)) {
            Http1Conversation client = server.connect();
            client.send("HEAD / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectNothingYet();
            client.send("HEAD / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectNothingYet();
        }
    }

    @Test
    void headKeepsALengthThatTheHandlerSaid() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().contentLength(1_000_000))) {
            Http1Conversation client = server.connect();
            client.send("HEAD / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("Content-Length", "1000000").expectNothingYet();
        }
    }

    /**
     * "A server MUST NOT send a Content-Length header field in any response with a status code of
     * 1xx or 204".
     */
    @Test
    void noContentHasNeitherBodyNorLength() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().status(204))) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(204)
                    .expectNoHeader("Content-Length")
                    .expectNoHeader("Transfer-Encoding");
            client.expectNothingYet();
        }
    }

    /** "A server MUST NOT generate content in a 205 response" (RFC 9110 section 15.3.6). */
    @Test
    void resetContentSaysThatItsLengthIsZero() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().status(205))) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(205)
                    .expectHeader("Content-Length", "0")
                    .expectBody("")
                    .expectNothingYet();
        }
    }

    /**
     * "A 304 response is terminated by the end of the header section; it cannot contain content".
     */
    @Test
    void notModifiedMaySayTheLengthThatItDoesNotSend() {
        try (TestServer server =
                TestServer.start(
                        ctx ->
                                ctx.response()
                                        .status(304)
                                        .header("ETag", "\"x\"")
                                        .contentLength(5))) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(304)
                    .expectHeader("Content-Length", "5")
                    .expectHeader("ETag", "\"x\"");
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void writingABodyThatMustNotBeThereThrows(int status) {
        HttpHandler handler =
                ctx -> {
                    ctx.response().status(status);
                    assertThatThrownBy(
                                    () -> {
                                        ctx.response().outputStream().write("body".getBytes());
                                        ctx.response().flush();
                                    })
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(status).expectNothingYet();
        }
    }

    @Test
    void aLengthThatIsKeptNeedsNoChunks() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().contentLength(4);
                    ctx.response().outputStream().write("ab".getBytes());
                    ctx.response().flush();
                    ctx.response().outputStream().write("cd".getBytes());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Content-Length", "4")
                    .expectBody("abcd")
                    .expectNothingYet();
        }
    }

    /** Too many bytes would be read as the next response. */
    @Test
    void writingMoreThanTheLengthThrowsAndEndsTheConnection() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().contentLength(3);
                    ctx.response().outputStream().write("abc".getBytes());
                    ctx.response().flush();
                    ctx.response().outputStream().write("d".getBytes());
                    ctx.response().flush();
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("Content-Length");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("abc").expectReset();
        }
    }

    @Test
    void writingLessThanTheLengthIs500WhenNothingWasSent() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().contentLength(3))) {
            server.log().expect("Content-Length");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(500).expectBody("");
        }
    }

    /** A client must see that a response is not complete. */
    @Test
    void writingLessThanTheLengthEndsTheConnectionWhenTheResponseHasStarted() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().contentLength(3);
                    ctx.response().outputStream().write("ab".getBytes());
                    ctx.response().flush();
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("Content-Length");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectRaw("ab").expectReset();
        }
    }
}
