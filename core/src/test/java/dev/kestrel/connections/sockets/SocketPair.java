package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;

/**
 * A listener on the loopback, a plain client and the server's side of the connection between them.
 */
final class SocketPair implements AutoCloseable {

    final MemoryPool pool = new MemoryPool();
    final ConnectionListener listener;
    final Socket client;
    final ConnectionContext server;

    SocketPair(SocketThreads threads) throws IOException {
        this(SocketTransportOptions.builder().threads(threads).build());
    }

    SocketPair(SocketTransportOptions options) throws IOException {
        listener =
                new SocketTransport(pool, options)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = new Socket();
        client.setSoTimeout(20_000);
        client.connect(listener.endPoint());
        server = Objects.requireNonNull(listener.accept());
    }

    PipeReader input() {
        return server.transport().input();
    }

    PipeWriter output() {
        return server.transport().output();
    }

    ConnectionReadAheadFeature readAhead() {
        return Objects.requireNonNull(server.features().get(ConnectionReadAheadFeature.class));
    }

    /** Has the client send. */
    void send(String text) throws IOException {
        client.getOutputStream().write(ascii(text));
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Reads and consumes exactly so many bytes. */
    byte[] receive(int count) throws IOException {
        while (true) {
            ReadResult result = input().read();
            if (result.buffer().length() >= count) {
                byte[] bytes = result.buffer().slice(0, count).toByteArray();
                input().advanceTo(count);
                return bytes;
            }
            assertThat(result.isCompleted()).isFalse();
            input().advanceTo(0, result.buffer().length());
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        listener.close();
        assertThat(pool.stats().rented()).as("blocks that were not returned").isZero();
    }
}
