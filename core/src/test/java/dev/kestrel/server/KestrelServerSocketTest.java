package dev.kestrel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The server over the system's sockets. */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(30)
class KestrelServerSocketTest {

    private final SocketThreads threads;

    KestrelServerSocketTest(SocketThreads threads) {
        this.threads = threads;
    }

    private static final byte[] LAST_REQUEST =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static KestrelServer start(KestrelServerBuilder builder) throws IOException {
        return builder.handler(context -> context.response().send("served")).start();
    }

    private static String ask(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(LAST_REQUEST);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void localhostAnswersOnEveryAddressItNames() throws IOException {
        try (KestrelServer server = start(builder().listen(0))) {
            assertThat(server.endPoints()).isNotEmpty();
            for (SocketAddress endPoint : server.endPoints()) {
                InetSocketAddress address = (InetSocketAddress) endPoint;
                assertThat(address.getPort()).isEqualTo(server.port()).isPositive();
                assertThat(address.getAddress().isLoopbackAddress()).isTrue();
                assertThat(ask(address)).startsWith("HTTP/1.1 200 ").endsWith("served");
            }
            assertThat(server.statistics().requests()).isEqualTo(server.endPoints().size());
        }
    }

    @Test
    void anAddressInUseIsNamed() throws IOException {
        try (KestrelServer server = start(builder().listen(0))) {
            assertThatThrownBy(() -> start(builder().listen(server.port())))
                    .isInstanceOf(AddressInUseException.class)
                    .hasMessageContaining(":" + server.port())
                    .hasMessageContaining("in use");
        }
    }

    /** "Ends the request at once, without a further byte: HTTP/1.1 resets the connection". */
    @Test
    void aHandlerThatAbortsResetsTheConnection() throws IOException {
        assertReset(HttpContext::abort);
    }

    @Test
    void aHandlerThatFailsAfterItsResponseStartedResetsTheConnection() throws IOException {
        assertReset(
                context -> {
                    context.response().outputStream().write(1);
                    context.response().flush();
                    throw new IOException("The data are not to be had");
                });
    }

    private void assertReset(HttpHandler handler) throws IOException {
        try (KestrelServer server = builder().listen(0).handler(handler).start();
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write(REQUEST);
            assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aStoppedServerLeavesItsPortToOthers() throws IOException {
        KestrelServer first = start(builder().listen(0));
        int port = first.port();
        first.stop();
        try (KestrelServer second = start(builder().listen(port))) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    @Test
    void anIdleConnectionSeesTheEndOfTheStreamWhenTheServerStops() throws IOException {
        KestrelServer server = start(builder().listen(0));
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(REQUEST);
            InputStream input = socket.getInputStream();
            byte[] begin = input.readNBytes(12);
            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            Thread.ofVirtual().start(() -> server.stop(Duration.ofMinutes(10)));
            // Not an exception: a FIN, not a reset.
            assertThat(new String(input.readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("served");
        }
        assertThat(server.stop()).isEqualTo(new StopResult(1, 0));
    }

    @Test
    void aUnixSocketIsThereWhileTheServerRuns(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("server.sock");
        try (KestrelServer server = start(builder().listenUnixSocket(path))) {
            assertThat(server.endPoints()).containsExactly(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                Channels.newOutputStream(channel).write(LAST_REQUEST);
                assertThat(Channels.newInputStream(channel).readAllBytes())
                        .asString(StandardCharsets.US_ASCII)
                        .endsWith("served");
            }
        }
        assertThat(Files.exists(path)).isFalse();
    }

    private KestrelServerBuilder builder() {
        return KestrelServer.builder().sockets(sockets -> sockets.threads(threads));
    }
}
