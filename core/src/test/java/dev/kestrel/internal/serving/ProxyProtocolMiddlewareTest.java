package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ProxyProtocolFeature;
import dev.kestrel.options.ProxyProtocolOptions;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.StopResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Who is believed, and what the connection looks like to those who come later. The client is
 * 192.0.2.7.
 */
@Timeout(30)
class ProxyProtocolMiddlewareTest {

    private static final String HEADER = "PROXY TCP4 203.0.113.9 198.51.100.5 5555 443\r\n";
    private static final InetSocketAddress OWN_ADDRESS = new InetSocketAddress("192.0.2.7", 40000);

    private final ManualTime time = new ManualTime();
    private final MemoryPool pool = new MemoryPool();
    private final FakeTransport transport = new FakeTransport(pool);
    private final BlockingQueue<ConnectionContext> served = new LinkedBlockingQueue<>();
    private KestrelServer server = KestrelServer.builder().handler(context -> {}).build();

    @AfterEach
    void stop() {
        server.close();
        assertThat(pool.stats().rented()).isZero();
    }

    private void start(Consumer<ProxyProtocolOptions.Builder> configure) throws IOException {
        ProxyProtocolOptions.Builder options = ProxyProtocolOptions.builder().trust("192.0.2.0/24");
        configure.accept(options);
        start(options.build());
    }

    private void start(ProxyProtocolOptions options) throws IOException {
        server =
                KestrelServer.builder()
                        .transport(transport)
                        .memoryPool(pool)
                        .options(o -> o.timeProvider(time))
                        .listen(
                                new InetSocketAddress("198.51.100.1", 80),
                                endPoint ->
                                        endPoint.proxyProtocol(options)
                                                .connectionHandler(this::echo))
                        .start();
    }

    private void echo(ConnectionContext connection) throws IOException {
        served.add(connection);
        PipeReader input = connection.transport().input();
        PipeWriter output = connection.transport().output();
        while (true) {
            ReadResult result = input.read();
            output.write(result.buffer().toByteArray());
            boolean ended = result.isCompleted();
            input.advanceTo(result.buffer().length());
            output.flush();
            if (ended) {
                return;
            }
        }
    }

    private void assertRefused(FakeConnection client) throws Exception {
        assertThat(client.awaitAborted()).isTrue();
        assertThat(server.statistics().rejectedProxyHeaders()).isEqualTo(1);
        assertThat(served).isEmpty();
    }

    @Test
    void theHeaderIsTakenOffAndItsAddressesAreTheConnections() throws Exception {
        start(options -> {});
        FakeConnection client = transport.connect(80).send(HEADER + "payload").finish();
        assertThat(client.receive(7)).isEqualTo("payload");
        ConnectionContext connection = served.take();
        assertThat(connection.remoteAddress())
                .isEqualTo(new InetSocketAddress("203.0.113.9", 5555));
        assertThat(connection.localAddress()).isEqualTo(new InetSocketAddress("198.51.100.5", 443));
        ProxyProtocolFeature feature = connection.features().get(ProxyProtocolFeature.class);
        assertThat(feature).isNotNull();
        assertThat(feature.proxyAddress()).isEqualTo(OWN_ADDRESS);
        assertThat(feature.listenAddress()).isEqualTo(new InetSocketAddress("198.51.100.1", 80));
        assertThat(feature.version()).isEqualTo(1);
    }

    @Test
    void aHeaderMayComeByteAfterByte() throws Exception {
        start(options -> {});
        FakeConnection client = transport.connect(80);
        for (byte b : (HEADER + "x").getBytes(StandardCharsets.US_ASCII)) {
            client.send(b);
            client.toServer.awaitReaderIdle();
        }
        assertThat(client.finish().receive(1)).isEqualTo("x");
        assertThat(served.take().remoteAddress())
                .isEqualTo(new InetSocketAddress("203.0.113.9", 5555));
    }

    @Test
    void aServerThatStopsDoesNotWaitForAHeader() throws Exception {
        start(options -> {});
        FakeConnection client = transport.connect(80).send("PROXY TCP4");
        client.toServer.awaitReaderIdle();
        StopResult result = server.stop(Duration.ofSeconds(20));
        assertThat(client.awaitAborted()).isTrue();
        assertThat(result.abortedConnections()).isZero();
    }

    @Test
    void theLocalCommandKeepsTheConnectionsOwnAddresses() throws Exception {
        start(options -> {});
        FakeConnection client =
                transport
                        .connect(80)
                        .send(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"))
                        .send("x")
                        .finish();
        assertThat(client.receive(1)).isEqualTo("x");
        ConnectionContext connection = served.take();
        assertThat(connection.remoteAddress()).isEqualTo(OWN_ADDRESS);
        assertThat(connection.features().get(ProxyProtocolFeature.class).local()).isTrue();
    }

    @Test
    void unknownKeepsTheConnectionsOwnAddresses() throws Exception {
        start(options -> {});
        transport.connect(80).send("PROXY UNKNOWN\r\n").finish();
        assertThat(served.take().remoteAddress()).isEqualTo(OWN_ADDRESS);
    }

    @Test
    void aMalformedHeaderIsRefusedWithoutAByte() throws Exception {
        start(options -> {});
        assertRefused(transport.connect(80).send("PROXY TCP4 nonsense\r\n"));
    }

    @Test
    void noHeaderIsRefusedWithoutAByte() throws Exception {
        start(options -> {});
        assertRefused(transport.connect(80).send("GET / HTTP/1.1\r\n"));
    }

    @Test
    void aConnectionThatEndsInsideItsHeaderIsRefused() throws Exception {
        start(options -> {});
        assertRefused(transport.connect(80).send("PROXY TCP4 192").finish());
    }

    @Test
    void aHeaderThatDoesNotComeInTimeIsRefused() throws Exception {
        start(options -> {});
        FakeConnection client = transport.connect(80).send("PROXY TCP4 192");
        client.toServer.awaitReaderIdle();
        time.seconds(29);
        assertThat(client.ended.isFired()).isFalse();
        time.seconds(2);
        assertThat(client.awaitAborted()).isTrue();
        assertThat(served).isEmpty();
        assertThat(server.statistics().rejectedProxyHeaders()).isEqualTo(1);
    }

    @Test
    void theTimeForTheHeaderEndsWithTheHeader() throws Exception {
        start(options -> {});
        FakeConnection client = transport.connect(80).send(HEADER + "x");
        assertThat(client.receive(1)).isEqualTo("x");
        time.seconds(1000);
        assertThat(client.ended.isFired()).isFalse();
        client.finish();
    }

    @Test
    void whenTheHeaderIsOptionalATrustedPeerMayLeaveItOut() throws Exception {
        start(options -> options.headerRequired(false));
        FakeConnection client = transport.connect(80).send("P").send("OST").finish();
        assertThat(client.receive(4)).isEqualTo("POST");
        assertThat(served.take().remoteAddress()).isEqualTo(OWN_ADDRESS);

        transport.connect(80).send(HEADER).finish();
        assertThat(served.take().remoteAddress())
                .isEqualTo(new InetSocketAddress("203.0.113.9", 5555));

        assertThat(transport.connect(80).send("PROXY nonsense\r\n").awaitAborted())
                .as("what begins as a header must be one")
                .isTrue();
    }

    @Test
    void whoeverIsNotTrustedIsRefused() throws Exception {
        start(ProxyProtocolOptions.builder().trust("10.0.0.0/8").build());
        assertRefused(transport.connect(80).send(HEADER));
    }

    @Test
    void whoeverIsNotTrustedIsNeverBelieved() throws Exception {
        start(ProxyProtocolOptions.builder().trust("10.0.0.0/8").refuseUntrusted(false).build());
        FakeConnection client = transport.connect(80).send(HEADER).finish();
        assertThat(client.receive(HEADER.length())).isEqualTo(HEADER);
        assertThat(served.take().remoteAddress()).isEqualTo(OWN_ADDRESS);
    }

    @Test
    void somebodyMustBeTrusted() {
        assertThatThrownBy(() -> ProxyProtocolOptions.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trust");
    }
}
