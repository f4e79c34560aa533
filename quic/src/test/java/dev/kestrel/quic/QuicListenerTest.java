package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;

import io.netty.buffer.ByteBufAllocator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Ports, sockets, address validation, and the library that may be missing. */
@Timeout(60)
class QuicListenerTest {

    private static void exchange(TestQuicServer server, TestQuicClient client) throws IOException {
        try (MultiplexedConnectionContext connection = server.accept()) {
            TestQuicStream request = client.open();
            request.send("ping", true);
            TestQuicServer.echo(TestQuicServer.acceptStream(connection));
            assertThat(request.text()).isEqualTo("ping");
        }
    }

    /** "With the port that the system chose when it was asked for port 0." */
    @Test
    void thePortIsTheOneThatTheSystemChose() throws IOException {
        try (TestQuicServer server = new TestQuicServer().start()) {
            assertThat(server.address().getPort()).isPositive();
        }
    }

    /** "Something else listens on the address already. The message names the address." */
    @Test
    void aPortThatIsTaken() throws IOException {
        try (DatagramChannel other = DatagramChannel.open()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) other.getLocalAddress()).getPort();
            for (int loops = 1; loops <= 2; loops++) {
                TestQuicServer server =
                        new TestQuicServer()
                                .options(QuicTransportOptions.builder().loopCount(loops));
                assertThatThrownBy(() -> server.start(port))
                        .isInstanceOf(AddressInUseException.class)
                        .hasMessageContaining(":" + port);
            }
        }
    }

    /** Sockets that share a port would share it with those of another server, too. */
    @Test
    void aPortThatAnotherListenerSharesAmongItsSockets() throws IOException {
        QuicTransportOptions.Builder options = QuicTransportOptions.builder().loopCount(2);
        try (TestQuicServer server = new TestQuicServer().options(options).start()) {
            TestQuicServer second = new TestQuicServer().options(options);
            assertThatThrownBy(() -> second.start(server.address().getPort()))
                    .isInstanceOf(AddressInUseException.class);
        }
    }

    @Test
    void severalSockets() throws IOException {
        try (TestQuicServer server =
                new TestQuicServer().options(QuicTransportOptions.builder().loopCount(3)).start()) {
            List<TestQuicClient> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TestQuicClient client = TestQuicClient.connect(server.address());
                clients.add(client);
                exchange(server, client);
            }
            clients.forEach(TestQuicClient::close);
        }
    }

    /** RFC 9000 section 8.1.2: the client repeats the token of a Retry packet and goes on. */
    @Test
    void aClientProvesItsAddress() throws IOException {
        for (int loops = 1; loops <= 2; loops++) {
            try (TestQuicServer server =
                            new TestQuicServer()
                                    .options(
                                            QuicTransportOptions.builder()
                                                    .retryThreshold(0)
                                                    .loopCount(loops))
                                    .start();
                    TestQuicClient client = TestQuicClient.connect(server.address())) {
                exchange(server, client);
                assertThat(client.retries).hasPositiveValue();
            }
        }
    }

    @Test
    void withoutLoadNobodyHasToProveAnything() throws IOException {
        try (TestQuicServer server = new TestQuicServer().start();
                TestQuicClient client = TestQuicClient.connect(server.address())) {
            exchange(server, client);
            assertThat(client.retries).hasValue(0);
        }
    }

    @Test
    void coreFindsIt() {
        assertThat(ServiceLoader.load(MultiplexedTransportProvider.class))
                .singleElement()
                .satisfies(
                        provider -> {
                            assertThat(provider.name()).isEqualTo("quic");
                            assertThat(provider.unavailable()).isNull();
                        });
    }

    /** "A sentence for whoever runs the server, such as that a native library is missing." */
    @Test
    void theLibraryIsMissing() {
        QuicLibrary library =
                new QuicLibrary(
                        () -> {
                            throw new ExceptionInInitializerError(
                                    new UnsatisfiedLinkError("no such file\nand much more"));
                        });
        assertThat(new QuicTransportProvider(library).unavailable())
                .startsWith("The native QUIC library can not be used on ")
                .endsWith("no such file");
    }

    /** Netty's own detector, which watches every buffer in these tests. */
    @Test
    void noBufferLeaks() throws IOException {
        Queue<String> leaks = new ConcurrentLinkedQueue<>();
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        if (String.valueOf(entry.getMessage()).contains("LEAK")) {
                            leaks.add(entry.getMessage());
                        }
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        Logger logger = Logger.getLogger("io.netty.util.ResourceLeakDetector");
        logger.addHandler(handler);
        try (TestQuicServer server = new TestQuicServer().start()) {
            for (int i = 0; i < 10; i++) {
                try (TestQuicClient client = TestQuicClient.connect(server.address());
                        MultiplexedConnectionContext connection = server.accept()) {
                    TestQuicStream reset = client.open();
                    reset.send(new byte[100_000], false);
                    var stream = TestQuicServer.acceptStream(connection);
                    stream.transport().output().write(new byte[50_000]);
                    stream.transport().output().flush();
                    reset.channel.shutdown(0x10c);
                    stream.close();
                    TestQuicStream open = client.open();
                    open.send("left open", false);
                    var left = TestQuicServer.acceptStream(connection);
                    left.transport().input().read();
                    client.close(0x107);
                    left.transport().input().advanceTo(0);
                    left.close();
                }
            }
        } finally {
            for (int i = 0; i < 5; i++) {
                System.gc();
                ByteBufAllocator.DEFAULT.directBuffer().release();
            }
            logger.removeHandler(handler);
        }
        assertThat(leaks).isEmpty();
    }
}
