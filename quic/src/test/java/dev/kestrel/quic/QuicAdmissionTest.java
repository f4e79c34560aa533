package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Whom the server lets in, and whom it does not keep. */
@Timeout(60)
class QuicAdmissionTest {

    private static final int DATAGRAM = 2048;
    private static final int FLOOD = 40;

    /** RFC 9000 section 15: one of those that force a negotiation. */
    private static final int UNKNOWN_VERSION = 0x1a2a3a4a;

    private final TestQuicServer server = new TestQuicServer();

    @AfterEach
    void close() {
        server.close();
    }

    /** The first datagram of a client that will not get an answer. */
    private static ByteBuffer hello(DatagramChannel socket) throws IOException {
        InetSocketAddress address = (InetSocketAddress) socket.getLocalAddress();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        new TestQuicClient.Builder()
                                .codec(codec -> codec.maxIdleTimeout(100, TimeUnit.MILLISECONDS))
                                .connect(address)
                                .close();
                        failure.complete(new AssertionError("Nobody has answered"));
                    } catch (IOException e) {
                        failure.complete(e);
                    }
                });
        ByteBuffer first = ByteBuffer.allocate(DATAGRAM);
        socket.receive(first);
        assertThat(failure.join()).isInstanceOf(IOException.class);
        return first.flip();
    }

    /** "Ended after a time that nothing resets": here nothing more comes of the client. */
    @Test
    void aHandshakeThatStalls() throws Exception {
        server.hosts.handshakeTimeout = Duration.ofMillis(100);
        server.options(QuicTransportOptions.builder().idleTimeout(Duration.ZERO)).start();
        try (DatagramChannel socket = DatagramChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ByteBuffer hello = hello(socket);
            socket.send(hello, server.address());
            assertThat(server.hosts.ended.take()).isFalse();
            assertThat(server.hosts.started).hasValue(1);
        }
        // Others are let in.
        server.hosts.handshakeTimeout = Duration.ofSeconds(30);
        try (TestQuicClient client = TestQuicClient.connect(server.address());
                MultiplexedConnectionContext connection = server.accept()) {
            assertThat(connection.remoteAddress()).isEqualTo(client.socket.localAddress());
        }
    }

    /**
     * "From how many handshakes under way on clients have to prove their address first": of a flood
     * of first packets in one read no more are kept, the others cost a Retry each, and connections
     * that were there go on.
     */
    @Test
    void aFloodOfFirstPackets() throws Exception {
        server.hosts.handshakeTimeout = Duration.ofMinutes(10);
        server.options(QuicTransportOptions.builder().retryThreshold(4)).start();
        try (DatagramChannel socket = DatagramChannel.open();
                TestQuicClient first = TestQuicClient.connect(server.address());
                MultiplexedConnectionContext connection = server.accept()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            List<ByteBuffer> hellos = hellos(FLOOD);
            for (ByteBuffer hello : hellos) {
                socket.send(hello, server.address());
            }
            for (int retries = 0; retries < FLOOD - 4; ) {
                ByteBuffer answer = ByteBuffer.allocate(DATAGRAM);
                socket.receive(answer);
                retries += isRetry(answer.get(0)) ? 1 : 0;
            }
            assertThat(server.hosts.started).hasValue(1 + 4);
            exchange(first, connection);
            try (TestQuicClient second = TestQuicClient.connect(server.address());
                    MultiplexedConnectionContext other = server.accept()) {
                assertThat(second.retries).hasPositiveValue();
                exchange(second, other);
            }
        }
    }

    /**
     * RFC 9000 section 14.1: "A server MUST discard an Initial packet that is carried in a UDP
     * datagram with a payload that is smaller than the smallest allowed maximum datagram size of
     * 1200 bytes." Nobody makes the server send more than it was sent. Section 5.2.2: one of an
     * unknown version has to be as long.
     */
    @Test
    void firstPacketsThatAreTooShort() throws Exception {
        server.options(QuicTransportOptions.builder().retryThreshold(0)).start();
        try (DatagramChannel socket = DatagramChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int version : new int[] {1, UNKNOWN_VERSION}) {
                for (int length : new int[] {18, 100, 1199}) {
                    socket.send(longHeader(0xc0, version, length), server.address());
                }
            }
            // What is long enough is answered, and nothing was before it.
            socket.send(longHeader(0xc0, UNKNOWN_VERSION, 1200), server.address());
            ByteBuffer answer = ByteBuffer.allocate(DATAGRAM);
            socket.receive(answer);
            assertThat(answer.getInt(1)).as("Version Negotiation").isZero();
            // Its end: the only version there is, on which the lengths depend.
            assertThat(answer.position()).as("one version").isEqualTo(7 + 8 + 4);
            assertThat(answer.getInt(answer.position() - 4)).isEqualTo(1);
            socket.send(longHeader(0xc0, 1, 1200), server.address());
            answer.clear();
            socket.receive(answer);
            assertThat(isRetry(answer.get(0))).isTrue();
        }
    }

    /**
     * "No stateless reset is sent": packets of connections that nobody knows get no answer, so they
     * can neither be reflected nor tell what connections there are.
     */
    @Test
    void packetsOfUnknownConnections() throws Exception {
        server.start();
        try (DatagramChannel socket = DatagramChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            byte[] oneRtt = new byte[1200];
            oneRtt[0] = 0x40;
            socket.send(ByteBuffer.wrap(oneRtt), server.address());
            socket.send(longHeader(0xd0, 1, 1200), server.address());
            socket.send(longHeader(0xe0, 1, 1200), server.address());
            socket.send(longHeader(0xc0, UNKNOWN_VERSION, 1200), server.address());
            ByteBuffer answer = ByteBuffer.allocate(DATAGRAM);
            socket.receive(answer);
            assertThat(answer.getInt(1)).as("Version Negotiation").isZero();
        }
    }

    /** RFC 9000 section 17.2: a header with a connection id of eight bytes, and zeros behind it. */
    private static ByteBuffer longHeader(int first, int version, int length) {
        return ByteBuffer.allocate(length)
                .put(0, (byte) first)
                .putInt(1, version)
                .put(5, (byte) 8)
                .putLong(6, 0x0102_0304_0506_0708L)
                .put(14, (byte) 0);
    }

    /** RFC 9000 section 17.2.5. */
    private static boolean isRetry(byte first) {
        return (first & 0xf0) == 0xf0;
    }

    private static void exchange(TestQuicClient client, MultiplexedConnectionContext connection)
            throws IOException {
        TestQuicStream request = client.open();
        request.send("ping", true);
        TestQuicServer.echo(TestQuicServer.acceptStream(connection));
        assertThat(request.text()).isEqualTo("ping");
    }

    /** The first datagrams of so many clients that will not get an answer. */
    private static List<ByteBuffer> hellos(int count) throws Exception {
        List<ByteBuffer> hellos = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ByteBuffer>> pending = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                pending.add(
                        clients.submit(
                                () -> {
                                    try (DatagramChannel nobody = DatagramChannel.open()) {
                                        nobody.bind(
                                                new InetSocketAddress(
                                                        InetAddress.getLoopbackAddress(), 0));
                                        return hello(nobody);
                                    }
                                }));
            }
            for (Future<ByteBuffer> each : pending) {
                hellos.add(each.get());
            }
        }
        return hellos;
    }

    /** "How many connections may wait to be accepted; more are refused." */
    @Test
    void moreThanMayWaitAreRefused() throws Exception {
        server.options(QuicTransportOptions.builder().backlog(1)).start();
        try (TestQuicClient first = TestQuicClient.connect(server.address())) {
            assertThat(server.hosts.ended.take()).isTrue();
            try (TestQuicClient second = TestQuicClient.connect(server.address())) {
                assertThat(second.closeEvent.get(30, TimeUnit.SECONDS).error()).isEqualTo(0x100);
            }
            try (MultiplexedConnectionContext connection = server.accept()) {
                assertThat(connection.remoteAddress()).isEqualTo(first.socket.localAddress());
                try (TestQuicClient third = TestQuicClient.connect(server.address());
                        MultiplexedConnectionContext other = server.accept()) {
                    assertThat(other.remoteAddress()).isEqualTo(third.socket.localAddress());
                }
            }
        }
    }

    /** "How many streams that were cut off a connection may have had." */
    @Test
    void aClientThatCutsItsStreamsOffAgainAndAgain() throws Exception {
        server.start();
        try (TestQuicClient client = TestQuicClient.connect(server.address());
                MultiplexedConnectionContext connection = server.accept()) {
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    TestQuicStream request = client.open();
                                    request.send("half", false);
                                    try (StreamContext stream =
                                            TestQuicServer.acceptStream(connection)) {
                                        request.channel.shutdownOutput(0x10c);
                                        TestQuicServer.readAll(stream.transport().input());
                                    } catch (ConnectionAbortedException e) {
                                        throw e;
                                    } catch (IOException e) {
                                        // The stream's end, not the connection's.
                                    }
                                }
                            })
                    .isInstanceOf(IOException.class);
            assertThat(client.closeEvent.get(30, TimeUnit.SECONDS).error()).isEqualTo(0x100);
            assertThat(connection.closed().cause()).hasMessageContaining("cut off");
        }
    }
}
