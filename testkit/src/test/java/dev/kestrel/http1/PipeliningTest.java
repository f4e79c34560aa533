package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;

/** Requests that are sent without waiting for the responses (RFC 9112 section 9.3.2). */
@Timeout(30)
class PipeliningTest {

    private static final HttpHandler HELLO =
            ctx -> ctx.response().send("Hello " + ctx.request().path());

    /**
     * "A server ... MUST send the corresponding responses in the same order that the requests were
     * received."
     */
    @Test
    void answersComeInOrderAndWithOneFlush() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 16; i++) {
                requests.append("GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            client.sendRaw(requests.toString());
            for (int i = 0; i < 16; i++) {
                client.expectStatus(200).expectBody("Hello /" + i);
            }
            client.expectNothingYet();
            assertThat(client.connection().serverFlushes())
                    .as("flushes for 16 requests of one read")
                    .isEqualTo(1);
        }
    }

    @Test
    void oneRequestTakesOneFlush() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            for (int i = 1; i <= 3; i++) {
                client.send("GET / HTTP/1.1", "Host: x", "");
                client.expectStatus(200).expectBody("Hello /").expectNothingYet();
                assertThat(client.connection().serverFlushes()).isEqualTo(i);
            }
        }
    }

    /**
     * Whatever waits goes out before the server waits for more: half a request must not hold back a
     * whole response.
     */
    @Test
    void halfARequestDoesNotHoldBackTheAnswerBeforeIt() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HT");
            client.expectStatus(200).expectBody("Hello /1").expectNothingYet();
            client.sendRaw("TP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(200).expectBody("Hello /2").expectNothingYet();
        }
    }

    @Test
    void aHandlerThatWaitsForItsBodyDoesNotHoldBackTheAnswerBeforeIt() {
        try (TestServer server =
                TestServer.start(ctx -> ctx.response().send(ctx.request().bodyText()))) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET / HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n"
                            + "POST / HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 5\r\n\r\n");
            client.expectStatus(200).expectBody("").expectNothingYet();
            client.sendRaw("later");
            client.expectStatus(200).expectBody("later").expectNothingYet();
        }
    }

    @Test
    void anAnswerIsFlushedWhenTheHandlerAsksEvenThoughMoreRequestsWait() {
        HttpHandler flushing =
                ctx -> {
                    ctx.response().outputStream().write('x');
                    ctx.response().flush();
                };
        try (TestServer server = TestServer.start(flushing)) {
            Http1Conversation client = server.connect();
            client.sendRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(200).expectBody("x");
            client.expectStatus(200).expectBody("x").expectNothingYet();
            assertThat(client.connection().serverFlushes()).isGreaterThanOrEqualTo(2);
        }
    }

    /** What came before a bad request is still answered; nothing behind it is. */
    @Test
    void aBadRequestEndsTheLine() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET /1 HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n"
                            + "GET /2 HTTP/1.1\r\n"
                            + "Host : x\r\n\r\n"
                            + "GET /3 HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n");
            client.expectStatus(200).expectBody("Hello /1");
            client.expectStatus(400)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    @Test
    void oneByteAtATimeIsJustAsGood() {
        try (TestServer server =
                TestServer.start(ctx -> ctx.response().send(ctx.request().bodyText()))) {
            Http1Conversation client = server.connect();
            String requests =
                    "POST /%41 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                            + "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "2;q=\"1\"\r\nde\r\n1\r\nf\r\n0\r\nTrailer: t\r\n\r\n"
                            + "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
            for (byte one : requests.getBytes(StandardCharsets.US_ASCII)) {
                client.sendRaw(one);
                client.connection().awaitServerIdle();
            }
            client.expectStatus(200).expectBody("abc");
            client.expectStatus(200).expectBody("def");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }

    @Test
    void bodiesThatNobodyReadDoNotBecomeRequests() {
        try (TestServer server = TestServer.start(HELLO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST /1 HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 36\r\n\r\n"
                            + "GET /evil HTTP/1.1\r\n"
                            + "Host: evil\r\n\r\n\r\n"
                            + "POST /2 HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "24\r\n"
                            + "GET /evil HTTP/1.1\r\n"
                            + "Host: evil\r\n\r\n\r\n\r\n"
                            + "0\r\n\r\n"
                            + "GET /3 HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n");
            client.expectStatus(200).expectBody("Hello /1");
            client.expectStatus(200).expectBody("Hello /2");
            client.expectStatus(200).expectBody("Hello /3").expectNothingYet();
        }
    }
}
