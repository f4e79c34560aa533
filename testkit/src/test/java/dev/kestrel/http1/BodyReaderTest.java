package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A body as a pipe, whose bytes are shown where the connection has read them. */
@Timeout(30)
class BodyReaderTest {

    private static final HttpHandler ECHO =
            ctx -> {
                PipeReader body = ctx.request().bodyReader();
                while (true) {
                    ReadResult result = body.read();
                    ctx.response().outputStream().write(result.buffer().toByteArray());
                    body.advanceTo(result.buffer().length());
                    if (result.isCompleted()) {
                        return;
                    }
                }
            };

    @Test
    void theNextRequestIsNoPartOfTheBody() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                            + "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo"
                            + "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            client.expectStatus(200).expectBody("hello");
            client.expectStatus(200).expectBody("two");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }

    @Test
    void aLargeBodyArrivesWhole() {
        byte[] large = "0123456789".repeat(50_000).getBytes(US_ASCII);
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: " + large.length, "");
            Thread.startVirtualThread(() -> client.sendRaw(large));
            client.expectStatus(200).expectBody(large);
        }
    }

    @Test
    void whatWasExaminedComesAgainWithTheRest() {
        HttpHandler wants =
                ctx -> {
                    PipeReader body = ctx.request().bodyReader();
                    ReadResult result = body.read();
                    while (!result.isCompleted()) {
                        body.advanceTo(0, result.buffer().length());
                        result = body.read();
                    }
                    String all = result.buffer().toString(US_ASCII);
                    body.advanceTo(result.buffer().length());
                    ctx.response().send(all);
                };
        try (TestServer server = TestServer.start(wants)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 6", "").sendRaw("ab");
            client.expectNothingYet().sendRaw("cd").expectNothingYet().sendRaw("efGET / HTTP");
            client.expectStatus(200).expectBody("abcdef");
        }
    }

    @Test
    void aHandlerThatLeavesInTheMiddleLeavesTheRestToTheServer() {
        AtomicReference<@Nullable PipeReader> kept = new AtomicReference<>();
        HttpHandler leaves =
                ctx -> {
                    PipeReader body = ctx.request().bodyReader();
                    kept.compareAndSet(null, body);
                    ReadResult result = body.read();
                    ctx.response().send(Long.toString(result.buffer().length()));
                };
        try (TestServer server = TestServer.start(leaves)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 6", "").sendRaw("abcdef");
            client.expectStatus(200).expectBody("6");
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "").sendRaw("xy");
            client.expectStatus(200).expectBody("2").expectNothingYet();
            assertThatIllegalStateException()
                    .as("it is not the next request's")
                    .isThrownBy(() -> Objects.requireNonNull(kept.get()).read());
        }
    }

    @Test
    void aBodyThatIsCutIsNoWholeBody() throws Exception {
        CompletableFuture<IOException> seen = new CompletableFuture<>();
        HttpHandler reads =
                ctx -> {
                    PipeReader body = ctx.request().bodyReader();
                    try {
                        while (true) {
                            body.advanceTo(0, body.read().buffer().length());
                        }
                    } catch (IOException e) {
                        seen.complete(e);
                        assertThatThrownBy(body::read).as("again").isSameAs(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.start(reads)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 6", "").sendRaw("abc");
            client.finish();
            assertThat(seen.get()).isInstanceOf(ConnectionResetException.class);
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIs408() throws Exception {
        CompletableFuture<IOException> seen = new CompletableFuture<>();
        HttpHandler reads =
                ctx -> {
                    try {
                        ECHO.handle(ctx);
                    } catch (IOException e) {
                        seen.complete(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.start(reads)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 1000", "").sendRaw("x");
            client.expectNothingYet().advance(Duration.ofSeconds(10));
            client.expectStatus(408);
            assertThat(seen.get()).isInstanceOf(BadHttpRequestException.class);
        }
    }

    /** The minimum rate: bytes that were seen in place and are copied then came once. */
    @Test
    void whatWasExaminedCountsOnceForTheRateWhenItIsCopiedThen() {
        HttpHandler looksThenCopies =
                ctx -> {
                    PipeReader body = ctx.request().bodyReader();
                    body.advanceTo(0, body.read().buffer().length());
                    ctx.request().inputStream().readAllBytes();
                };
        try (TestServer server = TestServer.start(looksThenCopies)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 9999", "");
            client.expectNothingYet().sendRaw("x".repeat(1500));
            client.expectNothingYet().sendRaw("x".repeat(100));
            // 1,600 bytes in ten seconds are too few at 240 a second; 3,100 were enough.
            client.expectNothingYet().advance(Duration.ofSeconds(10));
            client.expectStatus(408);
        }
    }

    @Test
    void aClientThatWaitsIsAskedForTheBodyWhenItIsRead() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send(
                    "POST / HTTP/1.1", "Host: x", "Content-Length: 2", "Expect: 100-continue", "");
            client.expectStatus(100).sendRaw("ab").expectStatus(200).expectBody("ab");
        }
    }
}
