package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** What happens around a handler: callbacks, failures, aborts. */
@Timeout(30)
class RequestLifeTest {

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void callbacksRunTheLastRegisteredFirst() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().onStarting(() -> events.add("starting 1"));
                    ctx.response().onStarting(() -> events.add("starting 2"));
                    ctx.response().onCompleted(() -> events.add("completed 1"));
                    ctx.response().onCompleted(() -> events.add("completed 2"));
                    events.add("before");
                    ctx.response().start();
                    events.add("after");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
            assertThat(events)
                    .containsExactly(
                            "before",
                            "starting 2",
                            "starting 1",
                            "after",
                            "completed 2",
                            "completed 1");
        }
    }

    @Test
    void onStartingMayStillChangeTheResponse() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().onStarting(() -> ctx.response().status(201).header("X", "late"));
                    ctx.response().send("body");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(201).expectHeader("X", "late").expectBody("body");
        }
    }

    @Test
    void onStartingRunsForAnEmptyResponseToo() {
        HttpHandler handler =
                ctx -> ctx.response().onStarting(() -> ctx.response().header("X", "late"));
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectHeader("X", "late").expectBody("");
        }
    }

    @Test
    void aFailureInOnStartingIs500() {
        HttpHandler handler =
                ctx -> {
                    ctx.response()
                            .onStarting(
                                    () -> {
                                        throw new IllegalStateException("starting failed");
                                    });
                    ctx.response().send("body");
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("starting failed");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(500).expectBody("");
        }
    }

    @Test
    void aFailureInOnCompletedIsLoggedAndTheOthersRun() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().onCompleted(() -> events.add("completed"));
                    ctx.response()
                            .onCompleted(
                                    () -> {
                                        throw new IllegalStateException("completing failed");
                                    });
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("completing failed");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
            assertThat(events).containsExactly("completed");
            assertThat(server.log().unexpected()).isEmpty();
            assertThat(server.log().entries()).hasSize(1);
        }
    }

    @Test
    void anExceptionIs500AndTheConnectionGoesOn() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().onCompleted(() -> events.add("completed"));
                    if (ctx.request().path().equals("/fail")) {
                        ctx.response().status(202).header("X-Half", "done").reasonPhrase("Half");
                        throw new IllegalStateException("handler failed");
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("handler failed");
            Http1Conversation client = server.connect();
            client.send("GET /fail HTTP/1.1", "Host: x", "");
            client.expectStatus(500).expectReason("Internal Server Error").expectNoHeader("X-Half");
            client.expectHeader("Content-Length", "0").expectBody("").expectNothingYet();
            client.send("GET /fine HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
            assertThat(events).containsExactly("completed", "completed");
        }
    }

    /** Half a response must not look like a whole one. */
    @Test
    void anExceptionBehindTheStartBreaksTheConnection() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write('x');
                    ctx.response().flush();
                    throw new IllegalStateException("handler failed");
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("handler failed");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectRaw("1\r\nx\r\n").expectReset();
        }
    }

    @Test
    void bodyBytesThatWereNotFlushedAreDroppedWithTheResponseThatFailed() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write("secret".getBytes());
                    throw new IllegalStateException("handler failed");
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("handler failed");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(500).expectBody("").expectNothingYet();
        }
    }

    @Test
    void anErrorOfTheVirtualMachineDoesNotEndTheServer() {
        HttpHandler handler =
                ctx -> {
                    throw new StackOverflowError("too deep");
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("too deep");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(500);
            Http1Conversation other = server.connect();
            other.send("GET / HTTP/1.1", "Host: x", "");
            other.expectStatus(500);
        }
    }

    @Test
    void aBadRequestExceptionGivesItsOwnStatusAndIsNoError() {
        HttpHandler handler =
                ctx -> {
                    throw new BadHttpRequestException(409, "conflict");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(409).expectReason("Conflict").expectBody("");
            assertThat(server.log().entries()).isEmpty();
        }
    }

    @Test
    void abortResetsTheConnection() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().send("never seen");
                    ctx.response().onCompleted(() -> events.add("completed"));
                    ctx.abort();
                };
        try (TestServer server = TestServer.start(ctx -> ctx.abort())) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectReset();
            assertThat(server.log().entries()).isEmpty();
        }
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectReset();
        }
        assertThat(events).containsExactly("completed");
    }

    /** Asking for the signal makes the server watch the connection while the handler runs. */
    @Test
    void aHandlerHearsThatTheClientHasGone() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch heard = new CountDownLatch(2);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(heard::countDown);
                    running.countDown();
                    ctx.aborted().await();
                    heard.countDown();
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            running.await();
            client.reset();
            heard.await();
        }
    }

    /** Wherever the end is noticed, an application that is slow to hear of it holds nobody up. */
    @Test
    void aCallbackOfTheApplicationDoesNotHoldUpWhoNoticed() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch aborted = new CountDownLatch(1);
        CountDownLatch heard = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted()
                            .onFired(
                                    () -> {
                                        awaitQuietly(aborted);
                                        heard.countDown();
                                    });
                    running.countDown();
                    ctx.aborted().await();
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            running.await();
            server.beginStop(Duration.ZERO).join();
            aborted.countDown();
            heard.await();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that goes away is no error, in whatever the application wraps it. */
    @Test
    void aClientThatGoesAwayIsNotAnErrorOfTheApplication() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.response().onCompleted(ended::countDown);
                    try {
                        ctx.request().bodyBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 5", "");
            client.expectNothingYet().reset();
            ended.await();
            assertThat(server.server().statistics().applicationErrors()).isZero();
        }
    }

    @Test
    void watchingTheConnectionLosesNoByte() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    assertThat(ctx.aborted().isFired()).isFalse();
                    next.await();
                    ctx.response().send(ctx.request().path() + ctx.request().bodyText());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("POST /1 HTTP/1.1", "Host: x", "Content-Length: 6", "").sendRaw("ab");
            client.sendRaw(
                    "cdefPOST /2 HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 1\r\n\r\n"
                            + "gGET /3 HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n");
            next.countDown();
            client.expectStatus(200).expectBody("/1abcdef");
            client.expectStatus(200).expectBody("/2g");
            client.expectStatus(200).expectBody("/3").expectNothingYet();
        }
    }

    @Test
    void whatIsWrittenBehindTheEndIsRefused() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().send("whole");
                    assertThatThrownBy(() -> ctx.response().outputStream().write(new byte[20_000]))
                            .isInstanceOfAny(IllegalStateException.class, IOException.class);
                    assertThatThrownBy(() -> ctx.response().send("again"))
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("whole").expectNothingYet();
        }
    }
}
