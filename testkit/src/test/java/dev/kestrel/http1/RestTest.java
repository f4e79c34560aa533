package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** "An idle connection has no thread, no engine and no memory for what may come" (ADR 20). */
@Timeout(30)
class RestTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Http1Conversation ask(Http1Conversation client, String path) {
        client.send("GET " + path + " HTTP/1.1", "Host: x", "");
        return client.expectStatus(200);
    }

    private static TestServer start(HttpHandler handler) {
        return TestServer.start(handler);
    }

    /** "A connection rests when it first waits for a further request." */
    @Test
    void aConnectionRestsAfterItsFirstRequest() {
        try (TestServer server = start(ctx -> ctx.response().send(ctx.request().path()))) {
            Http1Conversation client = server.connect();
            ask(client, "/1").expectBody("/1");
            client.connection().awaitServerAtRest();
            assertThat(server.pool().stats().rented()).isZero();
            ask(client, "/2").expectBody("/2");
        }
    }

    /** "A client that says nothing at first costs no thread either." */
    @Test
    void aConnectionRestsBeforeItsFirstRequest() {
        try (TestServer server = start(ctx -> ctx.response().send(ctx.request().path()))) {
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            assertThat(server.pool().stats().rented()).isZero();
            ask(client, "/1").expectBody("/1");
            client.connection().awaitServerAtRest();
            ask(client, "/2").expectBody("/2").expectNothingYet();
        }
    }

    /** "That is no sign of how often it will ask": the first rest behind a request is at once. */
    @Test
    void aRestBeforeTheFirstRequestIsNotCounted() {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            // Within the beat.
            ask(client, "/1").expectBody("");
            client.connection().awaitServerAtRest();
        }
    }

    /** keepAliveTimeout: "how long a connection may wait for a request", from its start on. */
    @Test
    void theKeepAliveTimeoutEndsTheFirstRest() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.keepAliveTimeout(Duration.ofSeconds(10)))
                        .start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            client.advance(Duration.ofSeconds(9));
            assertThat(client.connection().isServerAtRest()).isTrue();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    /** "The time for a head begins with its first byte", which may come late. */
    @Test
    void theTimeoutForAHeadHoldsAfterTheFirstRest() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            client.advance(Duration.ofSeconds(20));
            assertThat(client.connection().isServerAtRest()).isTrue();
            client.sendRaw("GET / HTTP/1.1\r\nHost:").expectNothingYet();
            client.advance(Duration.ofSeconds(12));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    /** "A stop ends a rest", also the first. */
    @Test
    void aStopEndsTheFirstRest() throws InterruptedException {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            Thread stop = server.beginStop(LONG);
            client.expectClosed();
            stop.join();
        }
    }

    /** "limits.maxConcurrentConnections" counts those that have said nothing. */
    @Test
    void aConnectionThatSaysNothingHasItsPlace() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxConcurrentConnections(1)).start(ctx -> {})) {
            server.log().expect("maxConcurrentConnections");
            Http1Conversation client = server.connect();
            client.connection().awaitServerAtRest();
            server.connect().expectReset();
            client.finish().expectClosed();
            while (server.server().statistics().openConnections() > 0) {
                Thread.onSpinWait();
            }
            ask(server.connect(), "/").expectBody("");
        }
    }

    /** "One that was asked again within a beat keeps all it has, until a beat finds it idle." */
    @Test
    void aBusyConnectionRestsOnlyAfterABeatWithoutRequests() {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            ask(client, "/1").expectBody("");
            client.connection().awaitServerAtRest();
            for (int i = 2; i < 5; i++) {
                ask(client, "/" + i).expectBody("").expectNothingYet();
                assertThat(client.connection().isServerAtRest()).isFalse();
            }
            client.advance(SECOND).expectNothingYet();
            assertThat(client.connection().isServerAtRest()).isFalse();
            client.advance(SECOND);
            client.connection().awaitServerAtRest();
            ask(client, "/5").expectBody("");
        }
    }

    /** "One that is asked seldom rests after each request." */
    @Test
    void aConnectionThatIsAskedSeldomRestsAtOnce() {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            for (int i = 0; i < 4; i++) {
                ask(client, "/").expectBody("");
                client.connection().awaitServerAtRest();
                client.advance(SECOND);
                assertThat(client.connection().isServerAtRest()).isTrue();
            }
        }
    }

    /** "What a connection is asked after a rest it counts on." */
    @Test
    void requestsAreCountedOn() {
        List<String> names = new CopyOnWriteArrayList<>();
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.maxRequestsPerConnection(3))
                        .start(ctx -> names.add(ctx.traceIdentifier()))) {
            Http1Conversation client = server.connect();
            ask(client, "/").expectNoHeader("Connection").expectBody("");
            client.connection().awaitServerAtRest();
            client.advance(SECOND);
            ask(client, "/").expectNoHeader("Connection").expectBody("");
            client.connection().awaitServerAtRest();
            ask(client, "/").expectHeader("Connection", "close").expectBody("").expectClosed();
            String id = client.connection().serverConnectionId();
            assertThat(names).containsExactly(id + ":00000001", id + ":00000002", id + ":00000003");
        }
    }

    /** "keepAliveTimeout holds for a connection at rest." */
    @Test
    void theKeepAliveTimeoutEndsARest() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.keepAliveTimeout(Duration.ofSeconds(10)))
                        .start(ctx -> {})) {
            Http1Conversation client = server.connect();
            ask(client, "/").expectBody("");
            client.connection().awaitServerAtRest();
            client.advance(Duration.ofSeconds(9));
            assertThat(client.connection().isServerAtRest()).isTrue();
            client.advance(Duration.ofSeconds(3)).expectClosed();
        }
    }

    /** "The time for a head begins with its first byte", after a rest as before. */
    @Test
    void theTimeoutForAHeadHoldsAfterARest() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.requestHeadersTimeout(Duration.ofSeconds(10)))
                        .start(ctx -> {})) {
            Http1Conversation client = server.connect();
            ask(client, "/").expectBody("");
            client.connection().awaitServerAtRest();
            client.sendRaw("G").expectNothingYet();
            client.advance(Duration.ofSeconds(12));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    /** "A stop ends a rest": nobody waits for a connection that has nothing to do. */
    @Test
    void aStopEndsARest() throws InterruptedException {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            ask(client, "/").expectBody("");
            client.connection().awaitServerAtRest();
            Thread stop = server.beginStop(LONG);
            client.expectClosed();
            stop.join();
        }
    }

    /** "The client's end ends a rest", and the connection is forgotten. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theClientsEndEndsARest(boolean reset) {
        try (TestServer server = start(ctx -> {})) {
            Http1Conversation client = server.connect();
            ask(client, "/").expectBody("");
            client.connection().awaitServerAtRest();
            if (reset) {
                client.reset();
            } else {
                client.finish().expectClosed();
            }
            while (server.server().statistics().openConnections() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** "A connection at rest has its place among maxConcurrentConnections." */
    @Test
    void aRestKeepsThePlaceOfAConnection() {
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxConcurrentConnections(1)).start(ctx -> {})) {
            server.log().expect("maxConcurrentConnections");
            Http1Conversation client = server.connect();
            ask(client, "/").expectBody("");
            client.connection().awaitServerAtRest();
            server.connect().expectReset();
            ask(client, "/").expectBody("");
            client.finish().expectClosed();
            while (server.server().statistics().openConnections() > 0) {
                Thread.onSpinWait();
            }
            ask(server.connect(), "/").expectBody("");
        }
    }

    /** "A connection with middleware before HTTP keeps its thread", for that waits to go on. */
    @Test
    void middlewareIsNotLeftBehind() {
        AtomicBoolean returned = new AtomicBoolean();
        ConnectionMiddleware middleware =
                (connection, next) -> {
                    next.run(connection);
                    returned.set(true);
                };
        try (TestServer server =
                TestServer.builder()
                        .endPoint(endPoint -> endPoint.use(middleware))
                        .start(ctx -> {})) {
            Http1Conversation client = server.connect();
            for (int i = 0; i < 3; i++) {
                ask(client, "/").expectBody("").expectNothingYet();
                client.advance(SECOND).advance(SECOND).advance(SECOND).expectNothingYet();
                assertThat(client.connection().isServerAtRest()).isFalse();
            }
            assertThat(returned).isFalse();
        }
        assertThat(returned).isTrue();
    }
}
