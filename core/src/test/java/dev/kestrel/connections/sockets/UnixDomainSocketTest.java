package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.ReadResult;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Unix domain sockets: the same connections, and the care for their files. */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class UnixDomainSocketTest {

    private final MemoryPool pool = new MemoryPool();
    private final SocketTransport transport;

    UnixDomainSocketTest(SocketThreads threads) {
        transport =
                new SocketTransport(
                        pool, SocketTransportOptions.builder().threads(threads).build());
    }

    @TempDir private Path directory;
    private Path path;
    private UnixDomainSocketAddress address;

    @BeforeEach
    void nameTheSocket() {
        path = directory.resolve("s");
        address = UnixDomainSocketAddress.of(path);
    }

    @Test
    void bytesGoBothWays() throws IOException {
        byte[] data = "x".repeat(50_000).getBytes(US_ASCII);
        try (ConnectionListener listener = transport.bind(address);
                SocketChannel client = SocketChannel.open(address);
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            assertThat(listener.endPoint()).isEqualTo(address);
            client.write(ByteBuffer.wrap(data));
            long received = 0;
            while (received < data.length) {
                ReadResult result = server.transport().input().read();
                received += result.buffer().length();
                server.transport().input().advanceTo(result.buffer().length());
            }
            server.transport().output().writeAndFlush(data, 0, data.length);
            server.transport().output().complete();
            assertThat(Channels.newInputStream(client).readAllBytes()).isEqualTo(data);
            client.shutdownOutput();
        }
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void abortAndReadAheadWorkHereToo() throws Exception {
        try (ConnectionListener listener = transport.bind(address);
                SocketChannel client = SocketChannel.open(address);
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            ConnectionReadAheadFeature ahead =
                    Objects.requireNonNull(server.features().get(ConnectionReadAheadFeature.class));
            ahead.start();
            client.shutdownOutput();
            ahead.peerGone().await();
            ConnectionAbortedException reason = new ConnectionAbortedException("enough");
            server.abort(reason);
            assertThat(server.closed().cause()).isSameAs(reason);
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void theFileIsRemovedInTheEnd() throws IOException {
        ConnectionListener listener = transport.bind(address);
        assertThat(Files.exists(path)).isTrue();
        listener.unbind();
        assertThat(Files.exists(path)).isFalse();
        listener.close();
    }

    @Test
    void aFileOnWhichNobodyAnswersIsReplaced() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        assertThat(Files.exists(path)).as("what a server that was killed leaves behind").isTrue();
        try (ConnectionListener listener = transport.bind(address);
                SocketChannel client = SocketChannel.open(address);
                ConnectionContext server = Objects.requireNonNull(listener.accept())) {
            assertThat(server.connectionId()).isNotEmpty();
            client.shutdownOutput();
        }
    }

    @Test
    void aSocketOnWhichSomebodyAnswersIsLeftAlone() throws IOException {
        try (ConnectionListener first = transport.bind(address)) {
            assertThatThrownBy(() -> transport.bind(address))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("address is in use");
            try (SocketChannel client = SocketChannel.open(address)) {
                // The probe of the second listener came first.
                Objects.requireNonNull(first.accept()).close();
                Objects.requireNonNull(first.accept()).close();
                assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> transport.bind(address))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void theFileOfASuccessorIsLeftAlone() throws IOException {
        ConnectionListener listener = transport.bind(address);
        Files.delete(path);
        try (ConnectionListener successor = transport.bind(address)) {
            listener.close();
            assertThat(Files.exists(path)).isTrue();
            SocketChannel.open(address).close();
            assertThat(successor.endPoint()).isEqualTo(address);
        }
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        Path lost = directory.resolve("no").resolve("s");
        assertThatThrownBy(() -> transport.bind(UnixDomainSocketAddress.of(lost)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(lost.toString());
    }
}
