package dev.kestrel.http1;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection goes on after a response (RFC 9112 section 9.3). */
@Timeout(30)
class KeepAliveTest {

    private static final HttpHandler HELLO =
            ctx -> ctx.response().send("Hello " + ctx.request().path());

    /** "HTTP/1.1 defaults to the use of persistent connections" (RFC 9112 section 9.3). */
    @Test
    void http11GoesOnByDefault() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET /1 HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectNoHeader("Connection")
                    .expectBody("Hello /1")
                    .expectNothingYet();
            client.send("GET /2 HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("Hello /2").expectNothingYet();
        }
    }

    /**
     * "If the 'close' connection option is present, the connection will not persist after the
     * current response".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"close", "Close", "keep-alive, close", "close,", " , close", "x, cLoSe ,y"})
    void closeEndsTheConnectionBehindTheResponse(String option) {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Connection: " + option, "");
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("Hello /")
                    .expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "clos", "keep-alive", "x-close", ""})
    void otherOptionsDoNot(String option) {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Connection: " + option, "");
            client.expectStatus(200)
                    .expectNoHeader("Connection")
                    .expectBody("Hello /")
                    .expectNothingYet();
        }
    }

    @Test
    void whatFollowsACloseIsNotARequest() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET /1 HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Connection: close\r\n\r\n"
                            + "GET /2 HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n");
            client.expectStatus(200).expectBody("Hello /1").expectClosed();
        }
    }

    /**
     * "If the received protocol is HTTP/1.0, the 'keep-alive' connection option is present" and
     * only then.
     */
    @Test
    void http10GoesOnWhenAsked() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET /1 HTTP/1.0", "Connection: Keep-Alive", "");
            client.expectStatus(200)
                    .expectHeader("Connection", "keep-alive")
                    .expectBody("Hello /1")
                    .expectNothingYet();
            client.send("GET /2 HTTP/1.0", "");
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("Hello /2")
                    .expectClosed();
        }
    }

    /**
     * A body whose end only the end of the connection shows can not be followed by another
     * response.
     */
    @Test
    void http10EndsBehindABodyOfUnknownLength() {
        HttpHandler streaming =
                ctx -> {
                    ctx.response().outputStream().write('a');
                    ctx.response().flush();
                    ctx.response().outputStream().write('b');
                };
        try (TestServer server = TestServer.start(streaming)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.0", "Connection: keep-alive", "");
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectNoHeader("Transfer-Encoding");
            client.expectBody("ab").expectClosed();
        }
    }

    @Test
    void theApplicationMayEndTheConnection() {
        HttpHandler closing = ctx -> ctx.response().header("Connection", "close").send("bye");
        try (TestServer server = TestServer.start(closing)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("bye")
                    .expectClosed();
        }
    }

    @Test
    void theLastRequestThatAConnectionMayBringIsAnsweredWithClose() {
        try (TestServer server =
                TestServer.builder()
                        .limits(limits -> limits.maxRequestsPerConnection(2))
                        .start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET /1 HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectNoHeader("Connection").expectBody("Hello /1");
            client.send("GET /2 HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("Hello /2")
                    .expectClosed();
        }
    }

    /**
     * "A server ... SHOULD ignore at least one empty line (CRLF) received prior to the
     * request-line" (section 2.2).
     */
    @Test
    void emptyLinesBeforeARequestAreSkipped() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("\r\n\r\nGET /1 HTTP/1.1\r\nHost: x\r\n\r\n\r\n");
            client.expectStatus(200).expectBody("Hello /1").expectNothingYet();
            client.send("GET /2 HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("Hello /2");
        }
    }

    @Test
    void aClientThatEndsAnIdleConnectionIsAnsweredWithTheSame() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.expectNothingYet();
            client.finish();
            client.expectClosed();
        }
    }

    /**
     * A client may send FIN behind its last request and still read the answer (RFC 9112 section
     * 9.6).
     */
    @Test
    void aHalfClosedClientGetsItsAnswer() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "").finish();
            client.expectStatus(200).expectBody("Hello /").expectClosed();
        }
    }
}
