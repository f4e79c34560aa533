package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;

/** Binding and accepting. */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class SocketTransportTest {

    private final SocketTransport transport;

    SocketTransportTest(SocketThreads threads) {
        transport =
                new SocketTransport(
                        new MemoryPool(),
                        SocketTransportOptions.builder().threads(threads).build());
    }

    @Test
    void portZeroTakesAFreePort() throws IOException {
        try (ConnectionListener listener = transport.bind(address("127.0.0.1", 0))) {
            InetSocketAddress bound = (InetSocketAddress) listener.endPoint();
            assertThat(bound.getPort()).isPositive();
            assertThat(bound.getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
            assertReachable(listener, bound);
        }
    }

    @Test
    void ipv6LoopbackIsForIpv6Alone() throws IOException {
        assumeIpv6();
        try (ConnectionListener listener = transport.bind(address("::1", 0))) {
            InetSocketAddress bound = (InetSocketAddress) listener.endPoint();
            assertThat(bound.getAddress()).isInstanceOf(Inet6Address.class);
            assertReachable(listener, bound);
        }
    }

    @Test
    void theIpv6WildcardTakesBothFamilies() throws IOException {
        assumeIpv6();
        try (ConnectionListener listener = transport.bind(address("::", 0))) {
            int port = ((InetSocketAddress) listener.endPoint()).getPort();
            assertReachable(listener, address("::1", port));
            assertReachable(listener, address("127.0.0.1", port));
        }
    }

    @Test
    void theIpv4WildcardTakesIpv4Alone() throws IOException {
        assumeIpv6();
        try (ConnectionListener listener = transport.bind(address("0.0.0.0", 0))) {
            InetSocketAddress bound = (InetSocketAddress) listener.endPoint();
            assertThat(bound.getAddress()).isInstanceOf(Inet4Address.class);
            assertReachable(listener, address("127.0.0.1", bound.getPort()));
            assertThatThrownBy(() -> connect(address("::1", bound.getPort())).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAddressInUseIsNamed() throws IOException {
        try (ConnectionListener listener = transport.bind(address("127.0.0.1", 0))) {
            int port = ((InetSocketAddress) listener.endPoint()).getPort();
            assertThatThrownBy(() -> transport.bind(address("127.0.0.1", port)))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("address is in use")
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void anAddressThatThisMachineDoesNotHaveIsNamed() {
        // RFC 5737: 192.0.2.0/24 is for documentation and nobody's.
        assertThatThrownBy(() -> transport.bind(address("192.0.2.1", 0)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("192.0.2.1:0")
                .hasMessageContaining("no network interface");
    }

    @Test
    void whatThePlatformSaysBecomesAdvice() {
        InetSocketAddress low = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        assertThat(BindFailure.of(low, new BindException("Permission denied")))
                .hasMessageContaining("127.0.0.1:80")
                .hasMessageContaining("1024");
        assertThat(BindFailure.of(low, new IOException("Something odd")))
                .hasMessageEndingWith("Something odd");
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(
                        () -> transport.bind(InetSocketAddress.createUnresolved("no.invalid", 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no.invalid:1");
    }

    @Test
    void onlyAddressesOfSocketsCanBeBound() {
        assertThat(transport.canBind(address("127.0.0.1", 0))).isTrue();
        SocketAddress other =
                new SocketAddress() {
                    private static final long serialVersionUID = 1L;
                };
        assertThat(transport.canBind(other)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> transport.bind(other));
    }

    @Test
    void smallPiecesAreSentAtOnceUnlessSwitchedOff() throws IOException {
        assertThat(SocketTransportOptions.defaults().noDelay()).isTrue();
        assertThat(SocketTransportOptions.defaults().backlog()).isEqualTo(512);
    }

    /** "Default: 262,144, or [...] less, from 65,536 on": each carrier may keep as much. */
    @Test
    void writesAreNoLargerThanEveryCarrierMayKeep() {
        assertThat(SocketTransportOptions.defaults().maxWriteBufferSize())
                .isBetween(65_536, 262_144);
    }

    @Test
    void optionsHaveRanges() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketTransportOptions.builder().backlog(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketTransportOptions.builder().idleBufferSize(63).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketTransportOptions.builder().maxReadBufferSize(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketTransportOptions.builder().maxWriteBufferSize(1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SocketTransportOptions.builder()
                                        .lingerTimeout(Duration.ofMillis(-1))
                                        .build());
        SocketTransportOptions all =
                SocketTransportOptions.builder()
                        .backlog(7)
                        .noDelay(false)
                        .reuseAddress(false)
                        .idleBufferSize(2048)
                        .maxReadBufferSize(1)
                        .maxWriteBufferSize(4096)
                        .lingerTimeout(Duration.ZERO)
                        .threads(SocketThreads.PORTABLE)
                        .loops(3)
                        .build();
        assertThat(all)
                .isEqualTo(
                        new SocketTransportOptions(
                                7,
                                false,
                                false,
                                2048,
                                1,
                                4096,
                                Duration.ZERO,
                                SocketThreads.PORTABLE,
                                3));
    }

    private static Thread accept(
            ConnectionListener listener, AtomicReference<@Nullable Object> outcome) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        outcome.set(listener.accept() == null ? "null" : "a connection");
                    } catch (IOException e) {
                        outcome.set(e);
                    }
                });
    }

    @Test
    void unbindWakesAPendingAccept() throws Exception {
        ConnectionListener listener = transport.bind(address("127.0.0.1", 0));
        AtomicReference<@Nullable Object> outcome = new AtomicReference<>();
        Thread accepting = accept(listener, outcome);
        while (accepting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        listener.unbind();
        accepting.join();
        assertThat(outcome.get()).isEqualTo("null");
        assertThat(listener.accept()).isNull();
        listener.unbind();
        listener.close();
    }

    @Test
    void connectionsOutliveTheirListener() throws IOException {
        ConnectionListener listener = transport.bind(address("127.0.0.1", 0));
        try (Socket client = connect(listener.endPoint());
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            listener.close();
            client.getOutputStream().write('x');
            assertThat(server.transport().input().read().buffer().length()).isEqualTo(1);
            client.shutdownOutput();
        }
    }

    @Test
    void acceptSurvivesAShortageAndBrokenConnections() throws IOException {
        Queue<IOException> failures =
                new ArrayDeque<>(
                        List.of(
                                new IOException("Too many open files"),
                                new IOException("Connection reset"),
                                new IOException("Too many open files in system"),
                                new IOException("Software caused connection abort"),
                                new IOException("No buffer space available")));
        try (ConnectionListener listener = failing(failures);
                Socket client = connect(listener.endPoint());
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            assertThat(server.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
            assertThat(failures).isEmpty();
            client.shutdownOutput();
        }
    }

    @Test
    void anyOtherFailureEndsTheListener() throws IOException {
        IOException failure = new IOException("Bad file descriptor");
        try (ConnectionListener listener = failing(new ArrayDeque<>(List.of(failure)))) {
            assertThatThrownBy(listener::accept).isSameAs(failure);
        }
    }

    @Test
    void unbindWakesAListenerThatWaitsForDescriptors() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open().bind(address("127.0.0.1", 0));
        SocketConnectionListener listener =
                new SocketConnectionListener(
                        channel,
                        null,
                        new MemoryPool(),
                        SocketTransportOptions.defaults(),
                        null,
                        new AcceptBackOff(3_600_000, 3_600_000),
                        () -> {
                            throw new IOException("Too many open files");
                        });
        AtomicReference<@Nullable Object> outcome = new AtomicReference<>();
        Thread accepting = accept(listener, outcome);
        while (accepting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        listener.unbind();
        accepting.join();
        assertThat(outcome.get()).isEqualTo("null");
    }

    private static ConnectionListener failing(Queue<IOException> failures) throws IOException {
        ServerSocketChannel channel =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new SocketConnectionListener(
                channel,
                null,
                new MemoryPool(),
                SocketTransportOptions.defaults(),
                null,
                new AcceptBackOff(1, 1),
                () -> {
                    IOException failure = failures.poll();
                    if (failure != null) {
                        throw failure;
                    }
                    return channel.accept();
                });
    }

    private static void assertReachable(ConnectionListener listener, SocketAddress address)
            throws IOException {
        try (Socket client = connect(address);
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            client.getOutputStream().write('x');
            assertThat(server.transport().input().read().buffer().length()).isEqualTo(1);
            client.shutdownOutput();
        }
    }

    private static Socket connect(SocketAddress address) throws IOException {
        return SocketChannel.open(address).socket();
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    private static void assumeIpv6() throws IOException {
        boolean present =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(a -> a instanceof Inet6Address && a.isLoopbackAddress());
        assumeTrue(present, "this machine has no IPv6 loopback");
    }
}
