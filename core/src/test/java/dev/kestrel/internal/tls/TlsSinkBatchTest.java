package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeWriter.Progress;
import dev.kestrel.pipelines.SinkPipeWriter;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;

/** How many writes the records of a large body take. */
class TlsSinkBatchTest {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int RECORD = 16 * 1024;

    private final StubEngine engine = new StubEngine();
    private final Transport transport = new Transport();
    private final MemoryPool pool = new MemoryPool();

    /** Takes all, and counts the calls. */
    private static final class Transport implements ByteSink {
        final List<Integer> writes = new ArrayList<>();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean direct;

        @Override
        public void write(ByteBuffer source) {
            write(new ByteBuffer[] {source}, 1);
        }

        @Override
        public void write(ByteBuffer[] sources, int count) {
            int sum = 0;
            for (int i = 0; i < count; i++) {
                sum += sources[i].remaining();
                direct |= sources[i].isDirect();
                byte[] copy = new byte[sources[i].remaining()];
                sources[i].get(copy);
                bytes.writeBytes(copy);
            }
            writes.add(sum);
        }

        @Override
        public void write(ByteBuffer[] sources, int count, Progress progress) {
            write(sources, count);
            progress.taken(writes.getLast());
        }

        /** What the records hold. */
        byte[] content() {
            ByteBuffer left = ByteBuffer.wrap(bytes.toByteArray());
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (left.hasRemaining()) {
                int length = left.getShort(left.position() + 3) & 0xffff;
                content.write(left.array(), left.position() + 5, length);
                left.position(left.position() + 5 + length);
            }
            return content.toByteArray();
        }
    }

    private SinkPipeWriter writer(TlsBufferPool buffers) {
        TlsSink sink =
                new TlsSink(
                        engine,
                        new SinkPipeWriter(pool, transport, TlsBufferPool.LARGE),
                        buffers,
                        () -> () -> {});
        return new SinkPipeWriter(pool, sink, Integer.MAX_VALUE);
    }

    private static byte[] mebibyte() {
        byte[] body = new byte[MEBIBYTE];
        new Random(5).nextBytes(body);
        return body;
    }

    @Test
    void aMebibyteTakesFiveWrites() throws IOException {
        SinkPipeWriter writer = writer(new TlsBufferPool(false, 1 << 30));
        List<Long> taken = new ArrayList<>();
        byte[] body = mebibyte();
        writer.write(new byte[100]);
        writer.writeAndFlush(ByteBuffer.wrap(body), taken::add);
        assertThat(transport.writes)
                .hasSize(5)
                .allMatch(size -> size <= TlsBufferPool.LARGE)
                .isEqualTo(taken.stream().map(Long::intValue).toList());
        assertThat(transport.content()).hasSize(100 + MEBIBYTE).endsWith(body);
        assertThat(pool.stats().allocated()).as("no copy in between").isEqualTo(1);
    }

    @Test
    void anEngineThatWantsMemoryOutsideOfTheHeapHasItSentFromThere() throws IOException {
        SinkPipeWriter writer = writer(new TlsBufferPool(true, 1 << 30));
        byte[] body = mebibyte();
        writer.writeAndFlush(body, 0, body.length);
        assertThat(transport.direct).isTrue();
        assertThat(transport.writes).hasSize(5);
        assertThat(transport.content()).isEqualTo(body);
    }

    /** "Of what has room for many records there is a bounded number". */
    @Test
    void withoutALargeBufferRecordsAreCollectedInBlocks() throws IOException {
        TlsBufferPool buffers = new TlsBufferPool(false, 0);
        ByteBuffer only = buffers.tryRentLarge();
        assertThat(buffers.tryRentLarge()).isNull();
        byte[] body = mebibyte();
        writer(buffers).writeAndFlush(body, 0, body.length);
        assertThat(transport.writes).hasSize(16);
        assertThat(transport.content()).isEqualTo(body);
        assertThat(pool.stats().rented()).isZero();

        assertThat(only).isNotNull();
        buffers.giveBack(only);
        assertThat(buffers.tryRentLarge()).isSameAs(only);
    }

    @Test
    void whatWasWrittenInPiecesIsOneRecordAndOneWrite() throws IOException {
        SinkPipeWriter writer = writer(new TlsBufferPool(false, 1 << 30));
        for (int i = 0; i < 64; i++) {
            writer.write(new byte[60]);
        }
        writer.flush();
        assertThat(transport.writes).containsExactly(5 + 64 * 60);
        assertThat(transport.content()).hasSize(64 * 60);
    }

    @Test
    void aFullRecordIsOneWrite() throws IOException {
        SinkPipeWriter writer = writer(new TlsBufferPool(false, 1 << 30));
        writer.writeAndFlush(new byte[RECORD], 0, RECORD);
        assertThat(transport.writes).containsExactly(5 + RECORD);
    }

    /** An engine whose client has ended TLS says so in place of content. */
    @Test
    void whatAnEngineThatIsClosedSaysIsNotLost() {
        StubEngine closed =
                new StubEngine() {
                    @Override
                    public SSLEngineResult wrap(
                            ByteBuffer[] sources, int offset, int count, ByteBuffer target) {
                        target.put(new byte[] {21, 3, 3, 0, 2, 1, 0});
                        outboundDone = true;
                        return new SSLEngineResult(Status.CLOSED, status, 0, 7);
                    }
                };
        SinkPipeWriter output = new SinkPipeWriter(pool, transport);
        TlsSink sink =
                new TlsSink(closed, output, new TlsBufferPool(false, 1 << 30), () -> () -> {});
        assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionAbortedException.class);
        output.complete();
        assertThat(transport.writes).containsExactly(7);
    }
}
