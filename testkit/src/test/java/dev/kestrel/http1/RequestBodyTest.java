package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMaxRequestBodySizeFeature;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Bodies of requests (RFC 9112 sections 6 and 7). */
@Timeout(30)
class RequestBodyTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    @Test
    void aBodyHasTheLengthThatWasSaid() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 5", "").sendRaw("hello");
            client.expectStatus(200).expectBody("hello").expectNothingYet();
        }
    }

    /**
     * "If this is a request message and none of the above are true, then the message body length is
     * zero".
     */
    @Test
    void withoutALengthThereIsNoBody() {
        HttpHandler asks =
                ctx ->
                        ctx.response()
                                .send(
                                        ctx.request().canHaveBody()
                                                + " "
                                                + ctx.request().contentLength());
        try (TestServer server = TestServer.start(asks)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("false -1");
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 0", "");
            client.expectStatus(200).expectBody("false 0");
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "").sendRaw("ab");
            client.expectStatus(200).expectBody("true 2").expectNothingYet();
        }
    }

    @Test
    void chunksBecomeOneBody() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.sendRaw("5\r\nhello\r\n");
            client.sendRaw("0006;a=b\r\n world\r\n");
            client.expectNothingYet();
            client.sendRaw("0\r\n\r\n");
            client.expectStatus(200).expectBody("hello world").expectNothingYet();
        }
    }

    /**
     * "A recipient ... MAY merge ... or discard [trailers]": they are kept apart from the header
     * fields.
     */
    @Test
    void trailersAreThereBehindTheBodyAndApartFromTheHeaders() {
        AtomicReference<String> early = new AtomicReference<>();
        HttpHandler handler =
                ctx -> {
                    assertThat(ctx.request().trailersAvailable()).isFalse();
                    assertThatThrownBy(() -> ctx.request().trailers())
                            .isInstanceOf(IllegalStateException.class);
                    early.set(ctx.request().bodyText());
                    assertThat(ctx.request().trailersAvailable()).isTrue();
                    assertThat(ctx.request().header("Checksum")).isNull();
                    ctx.response().send("" + ctx.request().trailers().get("checksum"));
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1",
                    "Host: x",
                    "Transfer-Encoding: chunked",
                    "Trailer: Checksum",
                    "");
            client.sendRaw("2\r\nhi\r\n0\r\nChecksum: 42\r\n\r\n");
            client.expectStatus(200).expectBody("42").expectNothingYet();
            assertThat(early).hasValue("hi");
        }
    }

    @Test
    void aBodyThatIsTooLargeByItsLengthIsRefusedBeforeAByteOfItCame() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(10)).start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 11", "");
            client.expectStatus(413)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    @Test
    void aChunkedBodyIsRefusedWhenItGrowsTooLarge() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(50)).start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.sendRaw("5\r\nhello\r\n");
            client.expectNothingYet();
            client.sendRaw("32\r\n" + "x".repeat(50) + "\r\n");
            client.expectStatus(413)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    @Test
    void aHandlerMayAllowMoreOrLessForItsRequest() {
        HttpHandler handler =
                ctx -> {
                    var size = ctx.features().get(HttpMaxRequestBodySizeFeature.class);
                    assertThat(size).isNotNull();
                    assertThat(size.maxRequestBodySize()).isEqualTo(10);
                    assertThat(size.isReadOnly()).isFalse();
                    size.maxRequestBodySize(Long.parseLong(ctx.request().path().substring(1)));
                    byte[] body = ctx.request().bodyBytes();
                    assertThat(size.isReadOnly()).isTrue();
                    assertThatThrownBy(() -> size.maxRequestBodySize(1))
                            .isInstanceOf(IllegalStateException.class);
                    ctx.response().send(body);
                };
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(10)).start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST /20 HTTP/1.1", "Host: x", "Content-Length: 15", "")
                    .sendRaw("x".repeat(15));
            client.expectStatus(200).expectBody("x".repeat(15));
            client.send("POST /5 HTTP/1.1", "Host: x", "Content-Length: 6", "").sendRaw("123456");
            client.expectStatus(413).expectBody("").expectClosed();
        }
    }

    @Test
    void aHandlerMayCatchWhatIsWrongWithABodyAndAnswerItself() {
        HttpHandler handler =
                ctx -> {
                    try {
                        ctx.request().bodyBytes();
                    } catch (BadHttpRequestException e) {
                        ctx.response().status(422).send("caught " + e.status());
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "")
                    .sendRaw("x\r\n");
            client.expectStatus(422).expectBody("caught 400").expectClosed();
        }
    }

    /**
     * "If the connection closes before ... the message is complete, the recipient MUST consider it
     * incomplete".
     */
    @Test
    void anEndWithinTheBodyIsNotAnswered() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        HttpHandler handler =
                ctx -> {
                    try {
                        ctx.request().bodyBytes();
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 5", "")
                    .sendRaw("hel")
                    .finish();
            client.expectGone();
            assertThat(seen.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aResetWithinTheBodyReachesTheHandlerAndNotTheLog() throws InterruptedException {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        var over = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    try {
                        ctx.request().bodyBytes();
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    } finally {
                        over.countDown();
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 5", "").sendRaw("hel");
            client.expectNothingYet();
            client.reset();
            over.await();
            assertThat(seen.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLargeBodyIsReadAsItComes() {
        HttpHandler counting =
                ctx -> {
                    InputStream in = ctx.request().inputStream();
                    byte[] buffer = new byte[5000];
                    long total = 0;
                    int n;
                    while ((n = in.read(buffer)) >= 0) {
                        total += n;
                    }
                    ctx.response().send("" + total);
                };
        try (TestServer server = TestServer.start(counting)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 3000000", "");
            for (int i = 0; i < 30; i++) {
                client.sendRaw(new byte[100_000]);
            }
            client.expectStatus(200).expectBody("3000000");
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("0").expectNothingYet();
        }
    }
}
