package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.NO_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A server that stops lets streams in flight end (RFC 9113 section 6.8). */
@Timeout(30)
class GracefulStopTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    @Test
    void idleConnectionsAreClosed() throws InterruptedException {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation fresh = server.connectHttp2();
            Http2Conversation used = server.connectHttp2();
            Http2Conversation silent = server.connectHttp2Raw();
            used.get(5, "/").expectResponse(5).status(200);
            // A response is there before its thread has ended; time passes when all threads rest.
            used.advance(Duration.ofSeconds(1));
            Thread stop = server.beginStop(LONG);
            fresh.expectGoAway(0, NO_ERROR).expectClosed();
            used.expectGoAway(5, NO_ERROR).expectClosed();
            silent.unchecked().ignore(0).expectGone();
            stop.join();
        }
    }

    /** Row 166. "an initial GOAWAY frame with the last stream identifier set to 2^31-1". */
    @Test
    void row166_streamsInFlightEndAndNewOnesAreTakenMeanwhile() throws InterruptedException {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/").post(3, "/");
            client.expectNothingYet();
            Thread stop = server.beginStop(LONG);
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            client.post(5, "/").data(1, true, "a").expectResponse(1).status(200).body("a");
            client.data(3, true, "b").expectResponse(3).status(200).body("b");
            client.expectNothingYet();
            client.data(5, true, "c").expectResponse(5).status(200).body("c");
            client.expectGoAway(5, NO_ERROR).expectClosed();
            stop.join();
        }
    }

    /** The client is slow: the response is complete, but its window is not open yet. */
    @Test
    void aResponseThatWaitsForAWindowIsStillSent() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.response().send(new byte[70_000]);
                    ctx.response().complete();
                    done.countDown();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().get(1, "/");
            client.expectHeaders(1).status(200);
            client.readData(1, 65535);
            done.await();
            Thread stop = server.beginStop(LONG);
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            client.windowUpdate(0, 10_000).windowUpdate(1, 10_000);
            client.readData(1, 70_000 - 65535);
            client.expectEndStream(1).expectGoAway(1, NO_ERROR).expectClosed();
            stop.join();
        }
    }

    /** Without an end of its own it would hold up the stop for ever. */
    @Test
    void afterTheDeadlineEverythingIsAborted() throws InterruptedException {
        CountDownLatch aborted = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.aborted().onFired(aborted::countDown);
                    ctx.request().bodyBytes();
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            server.log().expect("did not end");
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.expectNothingYet();
            Thread stop = server.beginStop(Duration.ofSeconds(5));
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            client.advance(Duration.ofSeconds(6));
            client.ignore(0).ignore(1).expectGone();
            aborted.await();
            stop.join();
        }
    }

    /** An error of the connection is told even when it was to end in good order. */
    @Test
    void errorsCountWhileStopping() throws InterruptedException {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.expectNothingYet();
            Thread stop = server.beginStop(LONG);
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            client.windowUpdate(0, 0).expectConnectionError(1, PROTOCOL_ERROR);
            stop.join();
        }
    }

    @Test
    void bothSidesMaySayThatTheyGo() throws InterruptedException {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.expectNothingYet();
            Thread stop = server.beginStop(LONG);
            client.expectGoAway(Integer.MAX_VALUE, NO_ERROR);
            client.goAway(0, NO_ERROR).data(1, true, "x").expectResponse(1).body("x");
            client.expectGoAway(1, NO_ERROR).expectClosed();
            stop.join();
        }
    }
}
