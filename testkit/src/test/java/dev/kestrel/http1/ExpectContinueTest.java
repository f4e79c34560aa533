package dev.kestrel.http1;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code Expect} field (RFC 9110 section 10.1.1). */
@Timeout(30)
class ExpectContinueTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    /**
     * "...the server SHOULD send ... 100 (Continue)": when the application first wants the body,
     * not before.
     */
    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue"})
    void theClientIsToldToGoOnWhenTheApplicationReads(String expectation) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1",
                    "Host: x",
                    "Content-Length: 5",
                    "Expect: " + expectation,
                    "");
            client.expectRaw("HTTP/1.1 100 Continue\r\n\r\n").expectNothingYet();
            client.sendRaw("hello");
            client.expectStatus(200).expectBody("hello").expectNothingYet();
        }
    }

    @Test
    void itIsToldOnce() {
        HttpHandler readsTwice =
                ctx -> {
                    int first = ctx.request().inputStream().read();
                    ctx.response().send((char) first + ctx.request().bodyText());
                };
        try (TestServer server = TestServer.start(readsTwice)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1",
                    "Host: x",
                    "Transfer-Encoding: chunked",
                    "Expect: 100-continue",
                    "");
            client.expectStatus(100).expectNothingYet();
            client.sendRaw("1\r\na\r\n");
            client.expectNothingYet();
            client.sendRaw("1\r\nb\r\n0\r\n\r\n");
            client.expectStatus(200).expectBody("ab").expectNothingYet();
        }
    }

    /**
     * "A server that responds with a final status code instead of reading the entire request
     * content SHOULD indicate whether it intends to close the connection": a client may or may not
     * send the body now, so nothing can follow.
     */
    @Test
    void aBodyThatIsNeverReadIsNotAskedFor() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().status(403).send("no"))) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1", "Host: x", "Content-Length: 5", "Expect: 100-continue", "");
            client.expectStatus(403)
                    .expectHeader("Connection", "close")
                    .expectBody("no")
                    .expectClosed();
        }
    }

    /**
     * "A server MAY omit sending a 100 (Continue) response if it has already received some or all
     * of the content".
     */
    @Test
    void aClientThatDidNotWaitIsNotTold() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST / HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 5\r\n"
                            + "Expect: 100-continue\r\n\r\n"
                            + "hello");
            client.expectStatus(200).expectBody("hello").expectNothingYet();
        }
    }

    /**
     * "A server that receives a 100-continue expectation in an HTTP/1.0 request MUST ignore that
     * expectation."
     */
    @Test
    void http10ClientsAreNotTold() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.0", "Content-Length: 5", "Expect: 100-continue", "");
            client.expectNothingYet();
            client.sendRaw("hello");
            client.expectStatus(200).expectBody("hello").expectClosed();
        }
    }

    @Test
    void withoutABodyThereIsNothingToGoOnWith() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Expect: 100-continue", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }

    /** Once the response has started the interim one can not come before it. */
    @Test
    void nothingIsToldOnceTheResponseHasStarted() {
        HttpHandler early =
                ctx -> {
                    ctx.response().outputStream().write('a');
                    ctx.response().flush();
                    ctx.response().outputStream().write(ctx.request().bodyBytes());
                };
        try (TestServer server = TestServer.start(early)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1", "Host: x", "Content-Length: 2", "Expect: 100-continue", "");
            client.expectStatus(200);
            client.sendRaw("bc").expectBody("abc");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithoutAskingForIt() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(4)).start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1", "Host: x", "Content-Length: 5", "Expect: 100-continue", "");
            client.expectStatus(413).expectBody("").expectClosed();
        }
    }

    /**
     * "A server that receives an Expect field value containing a member other than 100-continue MAY
     * respond with 417".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"101-continue", "x", "100-continue, x", "100-continuee", "100-continue=1"})
    void anythingElseIs417(String expectation) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1",
                    "Host: x",
                    "Content-Length: 5",
                    "Expect: " + expectation,
                    "");
            client.expectStatus(417)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }
}
