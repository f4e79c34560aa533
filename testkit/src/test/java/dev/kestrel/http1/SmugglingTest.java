package dev.kestrel.http1;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http1Options;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on the framing of requests: two parties that disagree on where a request ends let one
 * client put words into the mouth of another. Each test names the class of advisories that it
 * stands for. The answer is always the same: 400, and nothing behind it is read.
 */
@Timeout(60)
class SmugglingTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());
    private static final String SMUGGLED = "GET /evil HTTP/1.1\r\nHost: evil\r\n\r\n";

    private static void expectRefused(String request) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(request + SMUGGLED);
            client.expectStatus(400)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    private static void expectChunksRefused(String body) {
        expectRefused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    }

    private static void expectHeadRefused(String fields) {
        expectRefused("POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n\r\n");
    }

    /** With a body that is well-formed when it is taken for chunked, and a request behind it. */
    private static void expectChunkedRefused(String fields) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
            client.expectStatusIn(400, 501)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    /** CVE-2025-55315 (Kestrel), CVE-2025-58056 (Netty), CVE-2026-24880 (Tomcat). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2;\nxx\r\nxy\r\n0\r\n\r\n",
                "2;a=b\nxy\r\n0\r\n\r\n",
                "2\nxy\r\n0\r\n\r\n",
                "2\rxy\r\n0\r\n\r\n",
                "2;\rxx\r\nxy\r\n0\r\n\r\n",
                "2\r\nxy\n0\r\n\r\n",
                "2\r\nxy\r0\r\n\r\n",
                "0\n\r\n",
                "0\r\n\n",
                "0\r\nT: v\n\r\n",
                "0\r\nT: v\r\r\n",
                "0\r\nT: v\rX: y\r\n\r\n"
            })
    void bareLineEndsInChunkLinesAndTrailers(String body) {
        expectChunksRefused(body);
    }

    /** The original's leniency for heads must not reach the chunks. */
    @Test
    void bareLineEndsInChunksEvenWhenTheHeadMayHaveThem() {
        try (TestServer server =
                TestServer.builder()
                        .options(o -> o.http1(Http1Options.LIKE_THE_ORIGINAL))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST / HTTP/1.1\n"
                            + "Host: x\n"
                            + "Transfer-Encoding: chunked\n\n"
                            + "2;\n"
                            + "xx\r\n"
                            + "xy\r\n"
                            + "0\r\n\r\n");
            client.expectStatus(400).expectBody("").expectClosed();
        }
    }

    /**
     * TERM.EXT, EXT.TERM, TERM.SPILL, SPILL.TERM: behind the data of a chunk there is exactly CRLF.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2\r\nxyAA0\r\n\r\n",
                "2\r\nxy0\r\n\r\n",
                "2\r\nxyz\r\n0\r\n\r\n",
                "2\r\nxy\r\r\n0\r\n\r\n",
                "2\r\nxy \r\n0\r\n\r\n",
                "\r\n2\r\nxy\r\n0\r\n\r\n",
                "2\r\n\r\nxy\r\n0\r\n\r\n"
            })
    void chunkDataEndInExactlyCrLf(String body) {
        expectChunksRefused(body);
    }

    /** CVE-2026-33870 (Netty), CVE-2026-2332 (Jetty): quotes must not hide the end of the line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2;a=\"\r\nxy\r\n0\r\n\r\n",
                "2;a=\"b\r\n\";c\r\nxy\r\n0\r\n\r\n",
                "2;a=\"b\n\"\r\nxy\r\n0\r\n\r\n",
                "2;a=\"b\0\"\r\nxy\r\n0\r\n\r\n"
            })
    void quotesInChunkExtensionsHideNothing(String body) {
        expectChunksRefused(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2;a=b;c\r\n",
                "2;a=\"b;c\"\r\n",
                "2;a=\"b\\\"c\"\r\n",
                "2;a\r\n",
                "02\r\n",
                "0000002;x=y\r\n"
            })
    void wellFormedExtensionsAreSkipped(String line) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + line
                            + "xy\r\n0\r\n\r\n");
            client.expectStatus(200).expectBody("xy").expectNothingYet();
        }
    }

    /** CVE-2023-39326 (Go): extensions have a budget for the whole body. */
    @Test
    void chunkExtensionsAreLimited() {
        String extension = "x".repeat(2000);
        expectChunksRefused(("1;" + extension + "\r\na\r\n").repeat(3) + "0\r\n\r\n");
        expectChunksRefused("1;" + "x".repeat(5000));
        expectChunksRefused("1;x\r\na\r\n".repeat(5000));
    }

    /**
     * CVE-2025-43859 (h11), CVE-2026-19203 (Jetty): a chunk size is hexadecimal digits and nothing
     * else.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+2\r\nxy\r\n",
                "-2\r\nxy\r\n",
                " 2\r\nxy\r\n",
                "2 \r\nxy\r\n",
                "2 ;a\r\nxy\r\n",
                "0x2\r\nxy\r\n",
                "2_0\r\nxy\r\n",
                "\r\nxy\r\n",
                ";a\r\nxy\r\n",
                "g\r\nxy\r\n",
                "2h\r\nxy\r\n",
                "\u00b2\r\nxy\r\n",
                "10000000000000002\r\nxy\r\n",
                "FFFFFFFFFFFFFFFF\r\nxy\r\n",
                "80000000000000000000\r\nxy\r\n",
                "00000000000000000000000000000000000002\r\nxy\r\n"
            })
    void aChunkSizeIsHexDigits(String body) {
        expectChunksRefused(body + "0\r\n\r\n");
    }

    /**
     * RFC 9112 section 6.1: "Such a message might indicate an attempt to perform request
     * smuggling".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                        "transfer-encoding: chunked\r\nCONTENT-LENGTH: 5"
            })
    void bothLengthAndTransferEncoding(String fields) {
        expectHeadRefused(fields);
    }

    /** CVE-2023-40167 (Jetty): Content-Length is digits, once. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 5",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 5.0",
                "Content-Length: ",
                "Content-Length: five",
                "Content-Length: 99999999999999999999",
                "Content-Length: \u00b2",
                "Content-Length: 5;"
            })
    void aLengthIsDigitsAndThereIsOne(String fields) {
        expectHeadRefused(fields);
    }

    /**
     * CVE-2026-42581, -42585 (Netty), CVE-2026-28367 (Undertow): exactly {@code chunked}, last,
     * once.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: ",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked, x",
                "Transfer-Encoding: chunked\u000b",
                "Transfer-Encoding: chunke",
                "Transfer-Encoding: chunked chunked"
            })
    void theLastTransferCodingIsChunked(String fields) {
        expectChunkedRefused(fields);
    }

    /** RFC 9112 section 7: "A sender MUST NOT apply the chunked transfer coding more than once". */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity, chunked",
                // The Kelvin sign in UTF-8: to Unicode it is a capital k, to HTTP it is no letter.
                "Transfer-Encoding: chun\u00e2\u0084\u00aaed"
            })
    void otherCodingsAreRefused(String fields) {
        expectChunkedRefused(fields);
    }

    /**
     * RFC 9112 section 6.1: a Transfer-Encoding of HTTP/1.0 "MUST [be treated] as if the framing is
     * faulty".
     */
    @Test
    void transferEncodingOnHttp10() {
        expectRefused(
                "POST / HTTP/1.0\r\n"
                        + "Transfer-Encoding: chunked\r\n"
                        + "Connection: keep-alive\r\n\r\n"
                        + "0\r\n\r\n");
    }

    /**
     * CVE-2025-12543 (Undertow) and many before: folded lines, spaces around names, control
     * characters.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: b\r\n c",
                "A: b\r\n\tc",
                " A: b",
                "A : b",
                "A\t: b",
                "A",
                ":b",
                ": b",
                "A b: c",
                "A\0: b",
                "A: b\0c",
                "A: b\rc",
                "A: b\nC: d",
                "A\u00e9: b",
                "(A): b",
                "A: \u00ff"
            })
    void malformedFields(String fields) {
        expectHeadRefused(fields);
    }

    /**
     * RFC 9112 section 3.2: 400 "to any HTTP/1.1 request message that lacks a Host header field" or
     * has several.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a:99999x\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
                        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"
            })
    void theHostIsOneAndWellFormedAndThatOfTheTarget(String request) {
        expectRefused(request);
    }

    /** CVE-2026-24733 (Tomcat): there is no HTTP/0.9. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n",
                "GET / \r\n",
                "GET\r\n",
                "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
                "GET  / HTTP/1.1\r\n"
            })
    void aRequestLineHasThreeParts(String request) {
        expectRefused(request);
    }

    /** "HTTP/1.1 must die" (2025), 0.CL: a GET may have a body, and that body is no request. */
    @Test
    void theBodyOfAGetIsNotARequest() {
        try (TestServer server =
                TestServer.start(ctx -> ctx.response().send(ctx.request().path()))) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET /1 HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + SMUGGLED.length()
                            + "\r\n\r\n"
                            + SMUGGLED);
            client.sendRaw("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expectStatus(200).expectBody("/1");
            client.expectStatus(200).expectBody("/2").expectNothingYet();
        }
    }

    /**
     * The same with an expectation: the client may have sent its body or not, so the connection
     * ends.
     */
    @Test
    void anAnswerBeforeTheExpectedBodyEndsTheConnection() {
        try (TestServer server =
                TestServer.start(ctx -> ctx.response().send(ctx.request().path()))) {
            Http1Conversation client = server.connect();
            client.send(
                    "GET /1 HTTP/1.1",
                    "Host: x",
                    "Expect: 100-continue",
                    "Content-Length: " + SMUGGLED.length(),
                    "");
            client.expectStatus(200).expectHeader("Connection", "close").expectBody("/1");
            client.sendRaw(SMUGGLED).expectClosed();
        }
    }
}
