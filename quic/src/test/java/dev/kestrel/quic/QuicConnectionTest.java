package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.multiplexed.StreamContext;

import io.netty.handler.codec.quic.QuicConnectionCloseEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How connections begin, what they allow, and how they end. */
@Timeout(60)
class QuicConnectionTest {

    private final TestQuicServer server = new TestQuicServer();
    private TestQuicClient client;

    private MultiplexedConnectionContext connect() throws IOException {
        server.start();
        client = TestQuicClient.connect(server.address());
        return server.accept();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private QuicConnectionCloseEvent closeEvent() throws Exception {
        return client.closeEvent.get(30, TimeUnit.SECONDS);
    }

    @Test
    void addresses() throws Exception {
        MultiplexedConnectionContext connection = connect();
        assertThat(connection.localAddress()).isEqualTo(server.address());
        assertThat(connection.remoteAddress()).isEqualTo(client.socket.localAddress());
        connection.close();
    }

    /** "This side has closed it, or the peer has with a code that says so." */
    @Test
    void theClientClosesInGoodOrder() throws Exception {
        try (MultiplexedConnectionContext connection = connect()) {
            client.close(0x100);
            assertThat(connection.acceptStream()).isNull();
            connection.closed().await();
            assertThat(connection.closed().cause()).isNull();
        }
    }

    @Test
    void theClientClosesWithAnError() throws Exception {
        try (MultiplexedConnectionContext connection = connect()) {
            TestQuicStream request = client.open();
            request.send("half", false);
            StreamContext stream = TestQuicServer.acceptStream(connection);
            client.close(0x107);
            assertThatThrownBy(connection::acceptStream)
                    .isInstanceOfSatisfying(
                            ConnectionResetException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(0x107));
            assertThatThrownBy(() -> TestQuicServer.readAll(stream.transport().input()))
                    .isInstanceOf(ConnectionResetException.class);
            stream.transport().output().write(1);
            assertThatThrownBy(() -> stream.transport().output().flush())
                    .isInstanceOf(ConnectionResetException.class);
            stream.close();
        }
    }

    /** "Ends the connection and all of its streams at once, and tells the peer why." */
    @Test
    void theServerAborts() throws Exception {
        try (MultiplexedConnectionContext connection = connect()) {
            TestQuicStream request = client.open();
            request.send("half", false);
            StreamContext stream = TestQuicServer.acceptStream(connection);
            CompletableFuture<byte[]> reader = new CompletableFuture<>();
            Thread.startVirtualThread(
                    () -> {
                        try {
                            reader.complete(TestQuicServer.readAll(stream.transport().input()));
                        } catch (IOException e) {
                            reader.completeExceptionally(e);
                        }
                    });
            ConnectionAbortedException reason = new ConnectionAbortedException("enough");
            connection.abort(reason, 0x102);
            connection.abort(new ConnectionAbortedException("again"), 0x103);
            assertThatThrownBy(reader::get).hasCause(reason);
            assertThatThrownBy(connection::acceptStream).isSameAs(reason);
            assertThatThrownBy(connection::openUnidirectionalStream).isSameAs(reason);
            assertThat(closeEvent().error()).isEqualTo(0x102);
            assertThat(closeEvent().isApplicationClose()).isTrue();
            stream.close();
        }
    }

    /** "What was written on its streams and completed is sent first." */
    @Test
    void theEndOfAConnectionComesAfterWhatWasCompleted() throws Exception {
        MultiplexedConnectionContext connection = connect();
        TestQuicStream request = client.open();
        request.send("go", true);
        StreamContext stream = TestQuicServer.acceptStream(connection);
        stream.transport().output().write(new byte[200_000]);
        stream.transport().output().complete();
        stream.close();
        connection.errorCode(0x100);
        connection.close();
        assertThat(request.readAll()).hasSize(200_000);
        assertThat(closeEvent().error()).isEqualTo(0x100);
        assertThat(connection.acceptStream()).isNull();
    }

    /** RFC 9000 section 10.1: a connection that is idle for too long is silently closed. */
    @Test
    void aClientThatVanishes() throws Exception {
        server.options(QuicTransportOptions.builder().idleTimeout(Duration.ofMillis(300)));
        try (MultiplexedConnectionContext connection = connect()) {
            assertThatThrownBy(connection::acceptStream)
                    .isInstanceOf(ConnectionResetException.class)
                    .hasMessageContaining("too long");
        }
    }

    /** RFC 9000 section 4.6: how many streams a peer may open is limited. */
    @Test
    void theServersLimitsHold() throws Exception {
        server.limits(new MultiplexedLimits(7, 5, 64 * 1024, 128 * 1024));
        try (MultiplexedConnectionContext connection = connect()) {
            assertThat(connection.closed().isFired()).isFalse();
            assertThat(client.channel.peerTransportParameters().initialMaxStreamsBidi())
                    .isEqualTo(7);
            assertThat(client.channel.peerTransportParameters().initialMaxStreamsUni())
                    .isEqualTo(5);
            assertThat(client.channel.peerTransportParameters().initialMaxData())
                    .isEqualTo(128 * 1024);
        }
    }

    @Test
    void withoutMoreItIsAHundredRequestsAndTenStreams() throws Exception {
        try (MultiplexedConnectionContext connection = connect()) {
            assertThat(connection.closed().isFired()).isFalse();
            assertThat(client.channel.peerTransportParameters().initialMaxStreamsBidi())
                    .isEqualTo(100);
            assertThat(client.channel.peerTransportParameters().initialMaxStreamsUni())
                    .isEqualTo(10);
        }
    }

    /** "Unbinds and releases everything. Connections that are still open are aborted." */
    @Test
    void closingTheListenerEndsItsConnections() throws Exception {
        MultiplexedConnectionContext connection = connect();
        server.listener().unbind();
        assertThat(server.listener().accept()).isNull();
        TestQuicStream request = client.open();
        request.send("still there", true);
        TestQuicServer.echo(TestQuicServer.acceptStream(connection));
        assertThat(request.text()).isEqualTo("still there");
        server.listener().close();
        assertThatThrownBy(connection::acceptStream).isInstanceOf(ConnectionAbortedException.class);
        assertThat(closeEvent().isApplicationClose()).isTrue();
        connection.close();
    }
}
