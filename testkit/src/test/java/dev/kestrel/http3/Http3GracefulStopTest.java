package dev.kestrel.http3;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

/** A server that stops lets requests in flight end (RFC 9114 section 5.2). */
@Timeout(30)
class Http3GracefulStopTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long ANY_STREAM = (1L << 62) - 4;

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyText());

    /** Row 35. */
    @Test
    void row35_idleConnectionsAreClosed() throws InterruptedException {
        try (TestServer server = TestServer.startHttp3(ECHO)) {
            Http3Conversation fresh = server.connectHttp3();
            Http3Conversation used = server.connectHttp3();
            Http3Conversation silent = server.connectHttp3Raw();
            for (long id = 0; id < 4 * 111; id += 4) {
                used.get(id, "/").expectResponse(id).status(200);
            }
            fresh.awaitServerIdle();
            used.awaitServerIdle();
            silent.awaitServerIdle();
            Thread stop = server.beginStop(LONG);
            fresh.expectGoAway(0).expectClosed();
            used.expectGoAway(444).expectClosed();
            silent.expectClosed();
            stop.join();
        }
    }

    /** Row 36. "initially send a GOAWAY frame with the maximum possible value". */
    @Test
    void row36_requestsInFlightEndAndNewOnesAreTakenMeanwhile() throws InterruptedException {
        try (TestServer server =
                TestServer.http3()
                        .limits(limits -> limits.minRequestBodyDataRate(null))
                        .start(ECHO)) {
            Http3Conversation client = server.connectHttp3().post(0, "/").post(4, "/");
            client.expectNothingYet(0);
            Thread stop = server.beginStop(LONG);
            client.expectGoAway(ANY_STREAM);
            client.post(8, "/").data(0, true, "a").expectResponse(0).status(200).body("a");
            client.advance(Duration.ofSeconds(6));
            client.expectGoAway(12);
            client.get(12, "/").expectReset(12, Http3Error.REQUEST_REJECTED);
            client.data(4, true, "b").expectResponse(4).status(200).body("b");
            client.expectNothingYet(8);
            client.data(8, true, "c").expectResponse(8).status(200).body("c");
            client.expectClosed();
            stop.join();
        }
    }

    /** Without an end of its own it would hold up the stop for ever. */
    @Test
    void afterTheDeadlineEverythingIsAborted() throws InterruptedException {
        try (TestServer server = TestServer.startHttp3(ECHO)) {
            server.log().expect("did not end");
            Http3Conversation client = server.connectHttp3().post(0, "/");
            client.expectNothingYet(0);
            Thread stop = server.beginStop(Duration.ofSeconds(5));
            client.expectGoAway(ANY_STREAM);
            client.advance(Duration.ofSeconds(6));
            client.expectConnectionError(Http3Error.INTERNAL_ERROR);
            stop.join();
        }
    }
}
