package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** The contract of connections of many streams, as the transport in memory keeps it. */
class MemoryMultiplexedTransportTest {

    private static final MemoryEndPoint PLACE = new MemoryEndPoint("here");

    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private final MemoryMultiplexedTransport transport = new MemoryMultiplexedTransport(pool);
    private final Hosts hosts = new Hosts();
    private MultiplexedConnectionListener listener;
    private MemoryMultiplexedConnection client;
    private MultiplexedConnectionContext server;

    @BeforeEach
    void connect() throws IOException {
        MultiplexedLimits limits = new MultiplexedLimits(2, 1, 1024, 1024);
        listener = transport.bind(PLACE, hosts, limits);
        client = transport.connect(PLACE);
        server = Objects.requireNonNull(listener.accept());
    }

    @AfterEach
    void close() {
        server.close();
        listener.close();
        pool.close();
    }

    /** RFC 9000 section 2.1: the two lowest bits say who has opened a stream, and which kind. */
    @Test
    void streamsAreNumberedByKindAndOrder() throws IOException {
        assertThat(client.openBidirectionalStream().streamId()).isZero();
        assertThat(client.openBidirectionalStream().streamId()).isEqualTo(4);
        assertThat(client.openUnidirectionalStream().streamId()).isEqualTo(2);
        try (StreamContext first = server.openUnidirectionalStream();
                StreamContext second = server.openUnidirectionalStream()) {
            assertThat(first.streamId()).isEqualTo(3);
            assertThat(second.streamId()).isEqualTo(7);
            assertThat(first.canRead()).isFalse();
            assertThat(first.canWrite()).isTrue();
        }
        assertThat(client.acceptStream().streamId()).isEqualTo(3);
    }

    @Test
    void bytesAndTheEndGoBothWays() throws IOException {
        MemoryMultiplexedStream stream = client.openBidirectionalStream();
        stream.finish("ping".getBytes(StandardCharsets.US_ASCII));
        try (StreamContext accepted = accept()) {
            assertThat(readToEnd(accepted)).isEqualTo("ping");
            PipeWriter output = accepted.transport().output();
            output.write("pong".getBytes(StandardCharsets.US_ASCII), 0, 4);
            output.complete();
            assertThat(accepted.closed().isFired()).isTrue();
            assertThat(accepted.closed().cause()).isNull();
        }
        assertThat(text(stream)).isEqualTo("pong");
    }

    @Test
    void aResetByTheClientComesBehindItsBytesWithItsCode() throws IOException {
        MemoryMultiplexedStream stream = client.openBidirectionalStream();
        stream.write((byte) 'a');
        stream.reset(0x10c);
        try (StreamContext accepted = accept()) {
            assertThat(accepted.closed().cause()).isInstanceOf(StreamResetException.class);
            assertThatThrownBy(() -> readToEnd(accepted))
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            e -> {
                                assertThat(e.errorCode()).isEqualTo(0x10c);
                                assertThat(e.isByPeer()).isTrue();
                            });
        }
    }

    /**
     * RFC 9000 section 3.5: "An endpoint that receives a STOP_SENDING frame MUST send a
     * RESET_STREAM frame if the stream is in the Ready or Send state."
     */
    @Test
    void aClientThatAsksToStopIsAnsweredWithAReset() throws IOException {
        MemoryMultiplexedStream stream = client.openBidirectionalStream();
        try (StreamContext accepted = accept()) {
            stream.stopSending(7);
            PipeWriter output = accepted.transport().output();
            assertThatThrownBy(() -> output.writeAndFlush(new byte[] {1}, 0, 1))
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(7));
            assertThat(accepted.closed().cause()).isInstanceOf(StreamResetException.class);
            assertThat(stream.awaitReset()).isEqualTo(OptionalLong.of(7));
        }
    }

    @Test
    void theServerResetsAndAsksToStopWithItsCodes() throws IOException {
        MemoryMultiplexedStream stream = client.openBidirectionalStream();
        try (StreamContext accepted = accept()) {
            accepted.abortRead(5, new ConnectionAbortedException("enough"));
            accepted.abortWrite(6, new ConnectionAbortedException("no more"));
            assertThatThrownBy(() -> accepted.transport().input().read()).hasMessage("enough");
        }
        assertThat(stream.awaitStopSending()).isEqualTo(OptionalLong.of(5));
        assertThat(stream.awaitReset()).isEqualTo(OptionalLong.of(6));
        stream.write(new byte[10]);
    }

    @Test
    void aStreamThatIsClosedBeforeItsEndIsAborted() throws IOException {
        MemoryMultiplexedStream stream = client.openBidirectionalStream();
        accept().close();
        assertThat(stream.awaitReset()).isEqualTo(OptionalLong.of(0x10c));
        assertThat(stream.awaitStopSending()).isEqualTo(OptionalLong.of(0x10c));
    }

    /** RFC 9000 section 4.6: a peer may not open more streams than it was allowed. */
    @Test
    void theServersLimitOfStreamsCountsThoseThatItHasNotClosed() throws IOException {
        client.openBidirectionalStream();
        client.openBidirectionalStream();
        assertThat(client.canOpenBidirectionalStream()).isFalse();
        accept().close();
        assertThat(client.canOpenBidirectionalStream()).isTrue();
    }

    @Test
    void theServerWaitsWhileTheClientAllowsNoStream() throws Exception {
        client.allowServerStreams(0);
        Thread opening =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        server.openUnidirectionalStream().close();
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                });
        client.awaitServerIdle();
        assertThat(opening.isAlive()).isTrue();
        client.allowServerStreams(1);
        opening.join();
        assertThat(client.acceptStream().streamId()).isEqualTo(3);
    }

    @Test
    void theServerClosesWithItsCodeAndWhatWasSentCanBeRead() throws IOException {
        MemoryMultiplexedStream done = client.openBidirectionalStream();
        MemoryMultiplexedStream cut = client.openBidirectionalStream();
        try (StreamContext first = accept();
                StreamContext second = accept()) {
            first.transport().output().write(new byte[] {'y'}, 0, 1);
            first.transport().output().complete();
            second.transport().output().writeAndFlush(new byte[] {'n'}, 0, 1);
            server.errorCode(0x101);
            server.close();
        }
        assertThat(client.awaitCloseCode()).isEqualTo(OptionalLong.of(0x101));
        assertThat(text(done)).isEqualTo("y");
        assertThatThrownBy(() -> text(cut)).isInstanceOf(ConnectionResetException.class);
        assertThat(server.closed().isFired()).isTrue();
    }

    @Test
    void anAbortReachesWhoeverWaits() throws IOException {
        client.openBidirectionalStream();
        try (StreamContext accepted = accept()) {
            server.abort(new ConnectionAbortedException("over"), 0x102);
            assertThatThrownBy(() -> server.acceptStream()).hasMessage("over");
            assertThatThrownBy(() -> accepted.transport().input().read()).hasMessage("over");
            assertThat(accepted.closed().cause()).hasMessage("over");
        }
        assertThat(client.awaitCloseCode()).isEqualTo(OptionalLong.of(0x102));
    }

    @Test
    void aClientMayCloseWithoutAnErrorOrWithOne() throws IOException {
        client.close();
        assertThat(server.acceptStream()).isNull();
        MemoryMultiplexedConnection other = transport.connect(PLACE);
        try (MultiplexedConnectionContext second = Objects.requireNonNull(listener.accept())) {
            other.close(0x107);
            assertThatThrownBy(second::acceptStream)
                    .isInstanceOf(ConnectionResetException.class)
                    .hasMessageContaining("0x107");
        }
    }

    @Test
    void aWriterWaitsWhileTheClientReadsNothing() throws Exception {
        transport.bufferSize(4);
        MemoryMultiplexedConnection small = transport.connect(PLACE);
        try (MultiplexedConnectionContext context = Objects.requireNonNull(listener.accept())) {
            MemoryMultiplexedStream stream = small.openBidirectionalStream();
            StreamContext accepted = Objects.requireNonNull(context.acceptStream());
            Thread writer =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        accepted.transport().output().write(new byte[9], 0, 9);
                                        accepted.transport().output().complete();
                                    });
            stream.awaitServerBlockedInWrite();
            assertThat(text(stream)).hasSize(9);
            writer.join();
            accepted.close();
        }
    }

    @Test
    void theHandshakeAsksForACertificateAndIsCounted() throws IOException {
        assertThat(hosts.asked).isEqualTo("localhost");
        assertThatThrownBy(() -> transport.connect(PLACE, "unknown"))
                .isInstanceOf(ConnectException.class);
        assertThat(hosts.completed).isEqualTo(1);
        assertThat(hosts.failed).isEqualTo(1);
        TlsConnectionFeature tls = server.features().get(TlsConnectionFeature.class);
        assertThat(Objects.requireNonNull(tls).applicationProtocol()).isEqualTo("h3");
    }

    private StreamContext accept() throws IOException {
        return Objects.requireNonNull(server.acceptStream());
    }

    private static String readToEnd(StreamContext stream) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            ReadResult result = stream.transport().input().read();
            byte[] all = result.buffer().toByteArray();
            text.append(new String(all, StandardCharsets.US_ASCII));
            stream.transport().input().advanceTo(all.length);
            if (result.isCompleted()) {
                return text.toString();
            }
        }
    }

    private static String text(MemoryMultiplexedStream stream) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[100];
        for (int count; (count = stream.read(some, 0, some.length)) >= 0; ) {
            text.append(new String(some, 0, count, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    /** Nobody uses it. */
    private static final PrivateKey NO_KEY =
            new PrivateKey() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getAlgorithm() {
                    return "none";
                }

                @Override
                public @Nullable String getFormat() {
                    return null;
                }

                @Override
                public byte @Nullable [] getEncoded() {
                    return null;
                }
            };

    private static final class Hosts implements TlsHostSelector {
        private @Nullable String asked;
        private int completed;
        private int failed;

        @Override
        public @Nullable TlsEngineSettings select(@Nullable String serverName) {
            asked = serverName;
            return "unknown".equals(serverName)
                    ? null
                    : new TlsEngineSettings(
                            NO_KEY,
                            List.of(TestCertificate.certificate()),
                            Set.of(TlsVersion.TLS_1_3),
                            List.of(),
                            List.of(),
                            List.of("h3"),
                            ClientCertificateMode.NONE,
                            null);
        }

        @Override
        public ClientCertificateMode clientCertificates() {
            return ClientCertificateMode.NONE;
        }

        @Override
        public Duration handshakeTimeout() {
            return Duration.ofSeconds(10);
        }

        @Override
        public void handshakeStarted() {}

        @Override
        public void handshakeEnded(boolean good) {
            if (good) {
                completed++;
            } else {
                failed++;
            }
        }
    }
}
