package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.connections.Signal;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.StopResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The life of a server, from its start to the last of its connections. */
@Timeout(30)
class KestrelServerTest extends InMemoryServerTesting {

    @Test
    void aRawEndPointSpeaksWhateverItsHandlerDoes() throws IOException {
        startRaw(
                connection ->
                        connection
                                .transport()
                                .input()
                                .asInputStream()
                                .transferTo(connection.transport().output().asOutputStream()));
        FakeConnection client = transport.connect(1000).send("to and fro").finish();
        assertThat(client.receive(10)).isEqualTo("to and fro");
    }

    @Test
    void rawEndPointsAndHttpStandSideBySide() throws IOException {
        start(
                builder()
                        .listen(PLACE, endPoint -> endPoint.connectionHandler(c -> {}))
                        .listen(OTHER_PLACE)
                        .handler(context -> context.response().send("hello")));
        assertThat(transport.connect(1000).receiveAll()).isEmpty();
        String answer =
                transport
                        .connect(2000)
                        .send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .receiveAll();
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
    }

    @Test
    void withoutAnEndPointItListensOnLocalhost5000() throws IOException {
        KestrelServer server = start(builder().handler(context -> {}));
        assertThat(server.endPoints())
                .containsExactly(
                        new InetSocketAddress("127.0.0.1", 5000),
                        new InetSocketAddress("::1", 5000));
        assertThat(server.port()).isEqualTo(5000);
    }

    @Test
    void theLastTransportThatCanBindAnEndPointGetsIt() throws IOException {
        FakeTransport later = new FakeTransport(pool);
        ConnectionListenerFactory blind =
                new ConnectionListenerFactory() {
                    @Override
                    public boolean canBind(SocketAddress endPoint) {
                        return false;
                    }

                    @Override
                    public dev.kestrel.connections.ConnectionListener bind(SocketAddress where) {
                        throw new AssertionError("It said that it can not");
                    }
                };
        start(
                builder()
                        .transport(later)
                        .transport(blind)
                        .listen(PLACE, endPoint -> endPoint.connectionHandler(c -> {})));
        assertThat(later.listeners).containsKey(1000);
        assertThat(transport.listeners).isEmpty();
    }

    @Test
    void anEndPointThatNobodyCanBindIsNamed() {
        SocketAddress strange =
                new SocketAddress() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String toString() {
                        return "strange:place";
                    }
                };
        KestrelServer server = builder().listen(strange).handler(context -> {}).build();
        assertThatThrownBy(server::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("strange:place");
    }

    @Test
    void whenOneEndPointFailsNoneStaysBoundAndTheStartMayBeTriedAgain() throws IOException {
        FakeTransport.Listener other = (FakeTransport.Listener) transport.bind(OTHER_PLACE);
        KestrelServer server =
                builder().listen(PLACE).listen(OTHER_PLACE).handler(context -> {}).build();
        servers.add(server);
        assertThatThrownBy(server::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2000");
        assertThat(transport.listeners.get(1000).closed).isTrue();
        assertThat(time.pulses()).as("heartbeats").isZero();
        assertThat(server.endPoints()).isEmpty();

        other.close();
        server.start();
        assertThat(server.endPoints()).containsExactly(PLACE, OTHER_PLACE);
    }

    @Test
    void mistakesAreFoundBeforeAnythingIsBound() {
        assertThatThrownBy(() -> builder().listen(PLACE).listen(PLACE).handler(c -> {}).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000")
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> builder().listenAnyIp(80).listenAnyIp(80).handler(c -> {}).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(new AnyIpEndPoint(80).toString());
        assertThatThrownBy(() -> builder().listen(PLACE).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handler");
        assertThatThrownBy(() -> builder().shutdownTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void portZeroMayBeAskedForMoreThanOnce() {
        InetSocketAddress any = new InetSocketAddress("192.0.2.1", 0);
        builder().listen(any).listen(any).handler(context -> {}).build();
    }

    @Test
    void aServerStartsOnce() throws IOException {
        KestrelServer server = startRaw(c -> {});
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        server.stop();
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped");
    }

    @Test
    void aServerThatNeverStartedStopsAtOnce() throws InterruptedException {
        KestrelServer server = builder().listen(PLACE).handler(context -> {}).build();
        assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
        assertThat(server.stop()).isEqualTo(new StopResult(0, 0));
        server.awaitStopped();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aListenerThatFailsStopsAloneAndTheOthersGoOn() throws Exception {
        start(
                builder()
                        .listen(PLACE, endPoint -> endPoint.connectionHandler(c -> {}))
                        .listen(OTHER_PLACE, endPoint -> endPoint.connectionHandler(c -> {})));
        transport.listeners.get(1000).fail("broken");
        awaitUnbound(1000);
        assertThat(transport.connect(2000).receiveAll()).isEmpty();
        assertThat(transport.listeners.get(2000).unbound).isFalse();
    }

    @Test
    void aPipelineThatFailsEndsItsOwnConnectionOnly() throws Exception {
        AtomicInteger count = new AtomicInteger();
        KestrelServer server =
                startRaw(
                        connection -> {
                            switch (count.getAndIncrement()) {
                                case 0 -> throw new IllegalStateException("a bug in a handler");
                                case 1 -> throw new StackOverflowError("a deep one");
                                default -> connection.transport().output().write('k');
                            }
                        });
        assertThat(transport.connect(1000).awaitAborted()).isTrue();
        assertThat(transport.connect(1000).awaitAborted()).isTrue();
        assertThat(transport.connect(1000).receiveAll()).isEqualTo("k");
        assertThat(server.stop(LONG).abortedConnections()).isZero();
    }

    @Test
    void everyConnectionHasAThreadNamedAfterIt() throws Exception {
        Set<String> names = ConcurrentHashMap.newKeySet();
        startRaw(
                connection -> {
                    assertThat(Thread.currentThread().isVirtual()).isTrue();
                    names.add(Thread.currentThread().getName());
                });
        FakeConnection client = transport.connect(1000);
        client.receiveAll();
        assertThat(names).containsExactly(client.connectionId());
    }

    @Test
    void connectionsAboveTheLimitAreRefusedWithoutAByte() throws Exception {
        KestrelServer server =
                start(
                        builder()
                                .limits(limits -> limits.maxConcurrentConnections(1))
                                .listen(
                                        PLACE,
                                        endPoint ->
                                                endPoint.connectionHandler(
                                                        KestrelServerTest::idle)));
        FakeConnection first = transport.connect(1000);
        assertThat(first.receive(1)).isEqualTo("+");
        FakeConnection second = transport.connect(1000);
        assertThat(second.awaitAborted()).isTrue();
        assertThat(second.toClient.reader()).isNotNull();
        assertThat(server.statistics().rejectedConnections()).isEqualTo(1);
        assertThat(server.statistics().acceptedConnections()).isEqualTo(2);
        assertThat(first.ended.isFired()).isFalse();
    }

    @Test
    void aConnectionThatEndsMakesRoomForAnother() throws Exception {
        start(
                builder()
                        .limits(limits -> limits.maxConcurrentConnections(1))
                        .listen(
                                PLACE,
                                endPoint ->
                                        endPoint.connectionHandler(
                                                c -> c.transport().output().write('x'))));
        for (int i = 0; i < 10; i++) {
            FakeConnection client = transport.connect(1000);
            assertThat(client.receiveAll()).isEqualTo("x");
            client.awaitAborted();
        }
    }

    @Test
    void aConnectionMayGiveItsPlaceBackEarly() throws Exception {
        start(
                builder()
                        .limits(limits -> limits.maxConcurrentConnections(1))
                        .listen(
                                PLACE,
                                endPoint ->
                                        endPoint.connectionHandler(
                                                connection -> {
                                                    var place =
                                                            connection
                                                                    .features()
                                                                    .get(
                                                                            dev.kestrel.connections
                                                                                    .DecrementConcurrentConnectionCountFeature
                                                                                    .class);
                                                    place.releaseConnection();
                                                    place.releaseConnection();
                                                    idle(connection);
                                                })));
        assertThat(transport.connect(1000).receive(1)).isEqualTo("+");
        assertThat(transport.connect(1000).receive(1)).isEqualTo("+");
    }

    @Test
    void aHeartbeatCallbackIsCalledUntilItIsTakenBack() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger kept = new AtomicInteger();
        startRaw(
                connection -> {
                    ConnectionHeartbeatFeature heartbeat =
                            connection.features().get(ConnectionHeartbeatFeature.class);
                    Signal.Registration first =
                            heartbeat.onHeartbeat(now -> taken.incrementAndGet());
                    heartbeat.onHeartbeat(now -> kept.incrementAndGet());
                    first.close();
                    first.close();
                    idle(connection);
                });
        assertThat(transport.connect(1000).receive(1)).isEqualTo("+");
        time.seconds(3);
        assertThat(taken).hasValue(0);
        assertThat(kept).hasValue(3);
    }

    @Test
    void aRequestHeadThatDoesNotComeInTimeIsAnswered408() throws Exception {
        start(builder().listen(PLACE).handler(context -> {}));
        FakeConnection client = transport.connect(1000).send("GET / HT");
        // The header timeout is set when the first bytes were seen.
        client.toServer.awaitReaderIdle();
        time.seconds(31);
        assertThat(client.receiveAll()).startsWith("HTTP/1.1 408 ");
    }
}
