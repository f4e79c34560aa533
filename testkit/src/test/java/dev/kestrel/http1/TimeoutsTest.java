package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.ManualTimeProvider;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that are too slow. Timeouts are looked at once a second, so each may be up to two beats
 * late.
 */
@Timeout(30)
class TimeoutsTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void anIdleConnectionIsClosedWithoutAWord() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.keepAliveTimeout(Duration.ofSeconds(10)))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
            client.advance(Duration.ofSeconds(9)).expectNothingYet();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    @Test
    void aConnectionOnWhichNothingEverCameIsClosedWithoutAWord() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.expectNothingYet();
            client.advance(Duration.ofSeconds(129)).expectNothingYet();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    @Test
    void everyRequestStartsTheIdleTimeAnew() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.keepAliveTimeout(Duration.ofSeconds(10)))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            for (int i = 0; i < 5; i++) {
                client.advance(Duration.ofSeconds(8));
                client.send("GET / HTTP/1.1", "Host: x", "");
                client.expectStatus(200).expectBody("").expectNothingYet();
            }
        }
    }

    /** Empty lines are no request: they do not keep a connection. */
    @Test
    void emptyLinesDoNotKeepAConnection() {
        try (TestServer server =
                TestServer.builder()
                        .limits(
                                l ->
                                        l.keepAliveTimeout(Duration.ofSeconds(10))
                                                .requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            for (int i = 0; i < 4; i++) {
                client.sendRaw("\r\n");
                client.advance(Duration.ofSeconds(4));
            }
            client.connection().awaitServerIdle();
            assertThat(client.connection().isEndedByServer()).isTrue();
        }
    }

    /**
     * Slowloris: the time for a head begins with its first byte, and further bytes do not lengthen
     * it.
     */
    @Test
    void aHeadThatDoesNotEndIs408() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("G").expectNothingYet();
            for (int i = 0; i < 9; i++) {
                client.advance(SECOND)
                        .sendRaw(i == 0 ? "ET / HTTP/1.1\r\n" : "X: y\r\n")
                        .expectNothingYet();
            }
            client.advance(Duration.ofSeconds(3));
            client.expectStatus(408)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    @Test
    void trailersHaveTheTimeOfAHead() {
        try (TestServer server =
                TestServer.builder()
                        .limits(
                                l ->
                                        l.requestHeadersTimeout(Duration.ofSeconds(10))
                                                .minRequestBodyDataRate(null))
                        .start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.sendRaw("1\r\na\r\n");
            client.advance(Duration.ofSeconds(60)).expectNothingYet();
            client.sendRaw("0\r\nT: x\r\n").expectNothingYet();
            client.advance(Duration.ofSeconds(13));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIs408() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 1000000", "");
            client.expectNothingYet();
            for (int i = 0; i < 4; i++) {
                client.advance(SECOND).sendRaw("x".repeat(10)).expectNothingYet();
            }
            client.advance(Duration.ofSeconds(4));
            client.expectStatus(408)
                    .expectHeader("Connection", "close")
                    .expectBody("")
                    .expectClosed();
        }
    }

    @Test
    void aBodyThatComesFastEnoughMayTakeAsLongAsItWants() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 30000", "");
            for (int i = 0; i < 60; i++) {
                client.sendRaw("x".repeat(500)).connection().awaitServerIdle();
                server.time().advance(SECOND);
            }
            client.expectStatus(200).expectBody("x".repeat(30000)).expectNothingYet();
        }
    }

    /** The time that the application takes is not the client's. */
    @Test
    void aBodyThatNobodyWaitsForIsNotTooSlow() {
        AtomicReference<ManualTimeProvider> time = new AtomicReference<>();
        HttpHandler handler =
                ctx -> {
                    time.get().advance(Duration.ofSeconds(60));
                    ctx.response().send(ctx.request().bodyBytes());
                };
        try (TestServer server = TestServer.start(handler)) {
            time.set(server.time());
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "");
            client.expectNothingYet();
            client.sendRaw("ok");
            client.expectStatus(200).expectBody("ok").expectNothingYet();
        }
    }

    @Test
    void aHandlerMayAllowASlowerBody() {
        HttpHandler handler =
                ctx -> {
                    var rate =
                            Objects.requireNonNull(
                                    ctx.features().get(MinDataRate.RequestBodyFeature.class));
                    rate.minRequestBodyDataRate(null);
                    ctx.response().send(ctx.request().bodyBytes());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "");
            client.advance(Duration.ofSeconds(100)).expectNothingYet();
            client.sendRaw("ok");
            client.expectStatus(200).expectBody("ok").expectNothingYet();
        }
    }

    @Test
    void aClientThatDoesNotTakeItsResponseIsReset() {
        HttpHandler large = ctx -> ctx.response().send(new byte[100_000]);
        try (TestServer server = TestServer.builder().transportBuffer(1000).start(large)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.connection().awaitServerBlockedInWrite();
            // A piece of 64 KiB at 240 bytes a second may take 273 s.
            server.time().advance(Duration.ofSeconds(265));
            assertThat(client.connection().isEndedByServer()).isFalse();
            server.time().advance(Duration.ofSeconds(12));
            client.expectStatus(200);
            assertThatThrownBy(() -> client.connection().inputStream().readAllBytes())
                    .isInstanceOf(ConnectionResetException.class);
        }
    }

    @Test
    void aHandlerMayAllowASlowerResponse() {
        HttpHandler handler =
                ctx -> {
                    var rate =
                            Objects.requireNonNull(
                                    ctx.features().get(MinDataRate.ResponseFeature.class));
                    rate.minResponseDataRate(null);
                    ctx.response().send(new byte[10_000]);
                };
        try (TestServer server = TestServer.builder().transportBuffer(1000).start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.connection().awaitServerBlockedInWrite();
            server.time().advance(Duration.ofHours(1));
            client.expectStatus(200).expectBody(new byte[10_000]).expectNothingYet();
        }
    }
}
