package dev.kestrel.http1;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

/**
 * Bodies that the application left unread: "a server MUST read the entire request message body or
 * close the connection after sending its response" (RFC 9112 section 9.3).
 */
@Timeout(30)
class UnreadBodyTest {

    private static final HttpHandler IGNORES =
            ctx -> ctx.response().send("done " + ctx.request().path());

    @Test
    void theAnswerDoesNotWaitForTheRestOfTheBody() {
        try (TestServer server = TestServer.start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST /1 HTTP/1.1", "Host: x", "Content-Length: 10", "").sendRaw("1234");
            client.expectStatus(200).expectBody("done /1").expectNothingYet();
            client.sendRaw("567890GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(200).expectBody("done /2").expectNothingYet();
        }
    }

    @Test
    void aChunkedBodyIsReadToItsEndTrailersIncluded() {
        try (TestServer server = TestServer.start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST /1 HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "")
                    .sendRaw("3\r\nab");
            client.expectStatus(200).expectBody("done /1").expectNothingYet();
            client.sendRaw("c\r\n0\r\nT: v\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(200).expectBody("done /2").expectNothingYet();
        }
    }

    @Test
    void theRestOfABodyThatWasReadInPartIsReadToo() {
        HttpHandler readsOne =
                ctx -> ctx.response().send("" + (char) ctx.request().inputStream().read());
        try (TestServer server = TestServer.start(readsOne)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST /1 HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 5\r\n\r\n"
                            + "abcdePOST /2 HTTP/1.1\r\n"
                            + "Host: x\r\n");
            client.sendRaw("Content-Length: 1\r\n\r\nz");
            client.expectStatus(200).expectBody("a");
            client.expectStatus(200).expectBody("z").expectNothingYet();
        }
    }

    /**
     * A body that does not come ends the connection: nobody knows where the next request would
     * begin.
     */
    @Test
    void aBodyThatDoesNotComeEndsTheConnectionAfterTheDrainTimeout() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestBodyDrainTimeout(Duration.ofSeconds(5)))
                        .start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 10", "").sendRaw("1234");
            client.expectStatus(200).expectBody("done /");
            client.advance(Duration.ofSeconds(4)).expectNothingYet();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    @Test
    void aBodyOfAClosingConnectionIsNotWaitedFor() {
        try (TestServer server = TestServer.start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Connection: close", "Content-Length: 10", "")
                    .sendRaw("1234");
            client.expectStatus(200).expectBody("done /").expectClosed();
        }
    }

    /**
     * What is wrong behind the answer can not be answered any more: the connection ends without
     * another status line.
     */
    @Test
    void aMalformedRestEndsTheConnectionWithoutASecondAnswer() {
        try (TestServer server = TestServer.start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "")
                    .sendRaw("3\r\nabc");
            client.expectStatus(200).expectBody("done /").expectNothingYet();
            client.sendRaw("garbage\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n").expectClosed();
        }
    }

    @Test
    void aBodyThatIsKnownToBeTooLargeIsNotRead() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(10)).start(IGNORES)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 1000000", "")
                    .sendRaw("1234");
            client.expectStatus(200).expectBody("done /").expectClosed();
        }
    }
}
