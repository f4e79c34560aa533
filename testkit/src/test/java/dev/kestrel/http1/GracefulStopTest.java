package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** A server that stops lets running requests end and begins no new ones. */
@Timeout(30)
class GracefulStopTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Waits until this connection was asked to end, and has heard it. */
    private static void awaitStop(HttpContext ctx) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Objects.requireNonNull(ctx.features().get(ConnectionLifetimeNotificationFeature.class))
                .closeRequested()
                .onFired(asked::countDown);
        asked.await();
    }

    @Test
    void idleConnectionsAreClosed() throws InterruptedException {
        try (TestServer server = TestServer.start(ctx -> {})) {
            Http1Conversation fresh = server.connect();
            Http1Conversation used = server.connect();
            fresh.expectNothingYet();
            used.send("GET / HTTP/1.1", "Host: x", "");
            used.expectStatus(200).expectBody("").expectNothingYet();
            Thread stop = server.beginStop(LONG);
            fresh.expectClosed();
            used.expectClosed();
            stop.join();
        }
    }

    /**
     * "A server that sends a 'close' connection option MUST initiate closure of the connection"
     * (section 9.6).
     */
    @Test
    void aRunningRequestEndsAndSaysThatTheConnectionDoes() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    running.countDown();
                    awaitStop(ctx);
                    ctx.response().send("done");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.sendRaw("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            running.await();
            Thread stop = server.beginStop(LONG);
            client.expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("done")
                    .expectClosed();
            stop.join();
        }
    }

    @Test
    void aResponseThatHasStartedEnds() throws InterruptedException {
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write('a');
                    ctx.response().flush();
                    awaitStop(ctx);
                    ctx.response().outputStream().write('b');
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200);
            Thread stop = server.beginStop(LONG);
            client.expectBody("ab").expectClosed();
            stop.join();
        }
    }

    @Test
    void aRequestWhoseBodyIsStillComingEnds() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        HttpHandler echo =
                ctx -> {
                    int first = ctx.request().inputStream().read();
                    running.countDown();
                    awaitStop(ctx);
                    stopping.countDown();
                    ctx.response().send((char) first + ctx.request().bodyText());
                };
        try (TestServer server = TestServer.start(echo)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 4", "").sendRaw("ab");
            running.await();
            Thread stop = server.beginStop(LONG);
            stopping.await();
            client.sendRaw("cd")
                    .expectStatus(200)
                    .expectHeader("Connection", "close")
                    .expectBody("abcd")
                    .expectClosed();
            stop.join();
        }
    }

    @Test
    void nobodyCanConnectAnyMore() throws InterruptedException {
        try (TestServer server = TestServer.start(ctx -> {})) {
            server.beginStop(LONG).join();
            assertThat(catchThrowable(server::connect)).isInstanceOf(AssertionError.class);
        }
    }
}
