package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.ReadResult;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class MemoryTransportTest {

    private final MemoryEndPoint place = new MemoryEndPoint("place");
    private final MemoryTransport transport = new MemoryTransport(new MemoryPool()).bufferSize(16);
    private ConnectionListener listener;
    private MemoryConnection client;
    private ConnectionContext server;

    @BeforeEach
    void connect() throws IOException {
        listener = transport.bind(place);
        client = transport.connect(place);
        server = listener.accept();
    }

    @Test
    void bindsItsOwnEndPointsAndEachOnce() {
        assertThat(transport.canBind(place)).isTrue();
        assertThat(transport.canBind(new InetSocketAddress(0))).isFalse();
        assertThatThrownBy(() -> transport.bind(place))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("place");
        assertThat(listener.endPoint()).isEqualTo(place);
    }

    @Test
    void anEndPointIsFreeAgainAfterUnbind() throws IOException {
        listener.unbind();

        assertThat(listener.accept()).isNull();
        assertThatThrownBy(() -> transport.connect(place)).isInstanceOf(ConnectException.class);
        transport.bind(place).close();
    }

    @Test
    void unbindWakesAPendingAccept() throws Exception {
        CompletableFuture<Object> accepted = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> accepted.complete(accept()));

        listener.unbind();

        assertThat(accepted.get(10, TimeUnit.SECONDS)).isEqualTo("nothing");
        thread.join();
    }

    @Test
    void whoWasNotAcceptedIsReset() throws IOException {
        MemoryConnection second = transport.connect(place);

        listener.unbind();

        assertThatThrownBy(() -> second.read(new byte[1], 0, 1))
                .isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void bytesGoBothWays() throws IOException {
        client.write(ascii("ping"));
        assertThat(read(server)).isEqualTo("ping");

        server.transport().output().write(ascii("pong"));
        assertThat(client.available()).as("before the flush").isZero();
        server.transport().output().flush();

        byte[] answer = new byte[10];
        assertThat(client.read(answer, 0, 10)).isEqualTo(4);
        assertThat(new String(answer, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("pong");
        assertThat(client.serverFlushes()).isEqualTo(1);
    }

    @Test
    void theClientsFinIsTheEndOfTheServersInputAndNothingElse() throws IOException {
        client.finish();

        ReadResult end = server.transport().input().read();
        assertThat(end.isCompleted()).isTrue();
        server.transport().input().advanceTo(0);
        server.transport().output().write(ascii("still here"));
        server.transport().output().flush();
        assertThat(client.inputStream().readNBytes(10)).isEqualTo(ascii("still here"));
        assertThat(server.closed().isFired()).isFalse();
    }

    @Test
    void theServersCloseIsACompletionForTheClient() throws IOException {
        server.transport().output().write(ascii("bye"));
        server.close();

        assertThat(client.inputStream().readAllBytes()).isEqualTo(ascii("bye"));
        assertThat(server.closed().isFired()).isTrue();
        client.write(ascii("lost"));
        assertThat(client.isEndedByServer()).isTrue();
    }

    @Test
    void theServersAbortIsAResetForTheClient() throws IOException {
        ConnectionAbortedException reason = new ConnectionAbortedException("too slow");
        server.abort(reason);
        server.abort(new ConnectionAbortedException("later"));

        assertThatThrownBy(() -> client.read(new byte[1], 0, 1))
                .isInstanceOf(ConnectionResetException.class);
        assertThatThrownBy(() -> server.transport().input().read()).isSameAs(reason);
        assertThatThrownBy(() -> flush(server)).isSameAs(reason);
        assertThat(server.closed().cause()).isSameAs(reason);
        server.close();
    }

    @Test
    void theClientsResetIsAResetForTheServer() throws IOException {
        client.write(ascii("sent before"));
        client.reset();

        assertThat(read(server)).isEqualTo("sent before");
        assertThatThrownBy(() -> server.transport().input().read())
                .isInstanceOf(ConnectionResetException.class);
        assertThatThrownBy(() -> flush(server)).isInstanceOf(ConnectionResetException.class);
        assertThat(server.closed().cause()).isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void aWriterWaitsWhileTheBufferIsFull() throws Exception {
        byte[] large = new byte[100];
        Thread writer = Thread.ofVirtual().start(() -> writeAll(server, large));

        client.awaitServerBlockedInWrite();

        assertThat(client.available()).isEqualTo(16);
        assertThat(client.inputStream().readNBytes(100)).hasSize(100);
        writer.join();
    }

    @Test
    void theServerIsIdleWhenItHasReadEverythingAndWaits() throws Exception {
        Thread echo = Thread.ofVirtual().start(this::echo);

        client.awaitServerIdle();
        assertThat(client.available()).isZero();
        for (int i = 0; i < 1000; i++) {
            client.write((byte) 'x');
            client.awaitServerIdle();
            assertThat(client.available()).isEqualTo(1);
            client.read(new byte[1], 0, 1);
        }
        client.finish();
        echo.join();
        client.awaitServerIdle();
    }

    private void echo() {
        try {
            while (true) {
                ReadResult result = server.transport().input().read();
                byte[] bytes = result.buffer().toByteArray();
                boolean end = result.isCompleted();
                server.transport().input().advanceTo(bytes.length);
                if (end) {
                    server.close();
                    return;
                }
                server.transport().output().write(bytes);
                server.transport().output().flush();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Object accept() {
        try {
            return listener.accept() == null ? "nothing" : "a connection";
        } catch (IOException e) {
            return e;
        }
    }

    private static String read(ConnectionContext connection) throws IOException {
        ReadResult result = connection.transport().input().read();
        String text = result.buffer().toString(StandardCharsets.US_ASCII);
        connection.transport().input().advanceTo(result.buffer().length());
        return text;
    }

    private static void flush(ConnectionContext connection) throws IOException {
        connection.transport().output().write('x');
        connection.transport().output().flush();
    }

    private static void writeAll(ConnectionContext connection, byte[] bytes) {
        try {
            connection.transport().output().writeAndFlush(bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
