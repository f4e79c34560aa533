package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.testkit.DiagnosticMemoryPool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/** A listener on a port of the loopback interface, with a pool that finds what is not returned. */
final class TestQuicServer implements AutoCloseable {

    final TestHosts hosts = new TestHosts();
    final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private QuicTransportOptions options = QuicTransportOptions.defaults();
    private MultiplexedLimits limits = MultiplexedLimits.DEFAULT;
    private MultiplexedConnectionListener listener;

    TestQuicServer options(QuicTransportOptions.Builder builder) {
        options = builder.build();
        return this;
    }

    TestQuicServer limits(MultiplexedLimits wanted) {
        limits = wanted;
        return this;
    }

    TestQuicServer start() throws IOException {
        return start(0);
    }

    TestQuicServer start(int port) throws IOException {
        listener =
                new QuicTransport(pool, options)
                        .bind(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                hosts,
                                limits);
        return this;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.endPoint();
    }

    MultiplexedConnectionListener listener() {
        return listener;
    }

    MultiplexedConnectionContext accept() throws IOException {
        return Objects.requireNonNull(listener.accept(), "connection");
    }

    static StreamContext acceptStream(MultiplexedConnectionContext connection) throws IOException {
        return Objects.requireNonNull(connection.acceptStream(), "stream");
    }

    /** Reads to the end of the stream. */
    static byte[] readAll(PipeReader reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            ReadResult result = reader.read();
            bytes.writeBytes(result.buffer().toByteArray());
            reader.advanceTo(result.buffer().length());
            if (result.isCompleted()) {
                return bytes.toByteArray();
            }
        }
    }

    /** Sends what comes back, until it ends. */
    static void echo(StreamContext stream) throws IOException {
        PipeReader reader = stream.transport().input();
        while (true) {
            ReadResult result = reader.read();
            byte[] bytes = result.buffer().toByteArray();
            reader.advanceTo(bytes.length);
            stream.transport().output().write(bytes);
            if (result.isCompleted()) {
                stream.transport().output().complete();
                stream.close();
                return;
            }
            stream.transport().output().flush();
        }
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
        assertThat(pool.stats().rented()).as("blocks that are still rented").isZero();
        pool.close();
    }
}
