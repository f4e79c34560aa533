package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionCompleteFeature;
import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionMiddleware;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.KestrelServerBuilder;
import dev.kestrel.testkit.DiagnosticMemoryPool;
import dev.kestrel.testkit.LogRecorder;
import dev.kestrel.testkit.MemoryEndPoint;
import dev.kestrel.testkit.MemoryMultiplexedConnection;
import dev.kestrel.testkit.MemoryTransport;
import dev.kestrel.testkit.TestCertificate;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** How an endpoint serves connections of many streams, whatever runs on them. */
@Timeout(60)
class Http3EndPointTest {

    private static TestServer.Builder serving(MultiplexedConnectionMiddleware instead) {
        return TestServer.http3().endPoint(endPoint -> endPoint.useMultiplexed(instead));
    }

    private static TestServer start(TestServer.Builder builder) {
        return builder.start(ctx -> ctx.response().send("hello"));
    }

    @Test
    void connectionsHaveWhatAllConnectionsHave() throws Exception {
        AtomicInteger beats = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch completed = new CountDownLatch(1);
        Signal beaten = new Signal();
        try (TestServer server =
                start(
                        serving(
                                (connection, next) -> {
                                    connection
                                            .features()
                                            .get(ConnectionHeartbeatFeature.class)
                                            .onHeartbeat(
                                                    now -> {
                                                        beats.incrementAndGet();
                                                        beaten.fire(null);
                                                    });
                                    connection
                                            .features()
                                            .get(ConnectionCompleteFeature.class)
                                            .onCompleted(completed::countDown);
                                    assertThat(connection.features().get(MemoryPoolFeature.class))
                                            .isNotNull();
                                    ready.countDown();
                                    beaten.await();
                                }))) {
            MemoryMultiplexedConnection client = server.connectMultiplexed();
            ready.await();
            assertThat(server.server().statistics().openConnections()).isEqualTo(1);
            assertThat(server.server().http3EndPoints()).isEqualTo(server.server().endPoints());
            server.time().advance(Duration.ofSeconds(1));
            completed.await();
            assertThat(beats).hasValueGreaterThan(0);
            assertThat(client.awaitCloseCode()).isEqualTo(OptionalLong.of(0x100));
        }
    }

    @Test
    void aStopAsksForAnEndInGoodOrder() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (TestServer server =
                start(
                        serving(
                                (connection, next) -> {
                                    ready.countDown();
                                    connection
                                            .features()
                                            .get(ConnectionLifetimeNotificationFeature.class)
                                            .closeRequested()
                                            .await();
                                    connection.errorCode(0x155);
                                }))) {
            MemoryMultiplexedConnection client = server.connectMultiplexed();
            ready.await();
            assertThat(server.server().stop(Duration.ofMinutes(1)).gracefulConnections())
                    .isEqualTo(1);
            assertThat(client.awaitCloseCode()).isEqualTo(OptionalLong.of(0x155));
        }
    }

    @Test
    void whoeverIsThereAtTheDeadlineIsAborted() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (TestServer server =
                start(
                        serving(
                                (connection, next) -> {
                                    ready.countDown();
                                    assertThatThrownBy(connection::acceptStream)
                                            .isInstanceOf(ConnectionAbortedException.class);
                                }))) {
            MemoryMultiplexedConnection client = server.connectMultiplexed();
            ready.await();
            assertThat(server.server().stop(Duration.ZERO).abortedConnections()).isEqualTo(1);
            assertThat(client.awaitCloseCode()).isPresent();
        }
    }

    @Test
    void whatFailsEndsOneConnection() {
        try (TestServer server =
                start(
                        serving(
                                (connection, next) -> {
                                    throw new IllegalStateException("broken");
                                }))) {
            server.log().expect("broken");
            assertThat(server.connectMultiplexed().awaitCloseCode()).isPresent();
            assertThat(server.connectMultiplexed().awaitCloseCode()).isPresent();
        }
    }

    /** One count for all connections of a server, whatever their kind. */
    @Test
    void theLimitOfConnectionsCountsThemToo() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        TestServer.Builder builder =
                TestServer.builder()
                        .https()
                        .limits(limits -> limits.maxConcurrentConnections(1))
                        .endPoint(
                                endPoint ->
                                        endPoint.protocols(HttpVersion.HTTP_1_1, HttpVersion.HTTP_3)
                                                .useMultiplexed(
                                                        (connection, next) -> {
                                                            ready.countDown();
                                                            connection.acceptStream();
                                                        }));
        try (TestServer server = start(builder)) {
            server.log().expect("limits.maxConcurrentConnections");
            MemoryMultiplexedConnection first = server.connectMultiplexed();
            ready.await();
            assertThat(server.connectMultiplexed().awaitCloseCode()).isPresent();
            assertThatThrownBy(server::connectTls).isInstanceOf(AssertionError.class);
            assertThat(server.server().statistics().rejectedConnections()).isEqualTo(2);
            first.close();
        }
    }

    @Test
    void handshakesAreCountedWithThoseOfTls() {
        try (TestServer server = start(serving((connection, next) -> {}))) {
            server.connectMultiplexed().awaitCloseCode();
            assertThat(server.server().statistics().tlsHandshakes()).isEqualTo(1);
        }
    }

    @Test
    void withoutATransportTheOtherVersionsAreServed() throws IOException {
        try (LogRecorder log = new LogRecorder();
                DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
                KestrelServer server =
                        withoutTransport(pool, HttpVersion.HTTP_1_1, HttpVersion.HTTP_3).start()) {
            assertThat(log.unexpected())
                    .singleElement()
                    .asString()
                    .contains("HTTP/3 is not served on memory:place")
                    .contains("kestrel-quic");
            assertThat(server.endPoints()).hasSize(1);
            assertThat(server.http3EndPoints()).isEmpty();
        }
    }

    @Test
    void withoutATransportHttp3AloneDoesNotStart() {
        try (DiagnosticMemoryPool pool = new DiagnosticMemoryPool()) {
            assertThatThrownBy(() -> withoutTransport(pool, HttpVersion.HTTP_3).start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("memory:place speaks HTTP/3 alone")
                    .hasMessageContaining("kestrel-quic");
        }
    }

    private static KestrelServerBuilder withoutTransport(
            DiagnosticMemoryPool pool, HttpVersion first, HttpVersion... more) {
        ServerCertificate certificate = TestCertificate.server();
        return KestrelServer.builder()
                .memoryPool(pool)
                .transport(new MemoryTransport(pool))
                .listen(
                        new MemoryEndPoint("place"),
                        endPoint -> endPoint.protocols(first, more).https(certificate))
                .handler(ctx -> {});
    }
}
