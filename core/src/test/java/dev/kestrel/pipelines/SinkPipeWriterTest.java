package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a writer over a sink hands over, in which pieces, and what it holds. */
class SinkPipeWriterTest {

    private final MemoryPool pool = new MemoryPool(100);
    private final RecordingSink sink = new RecordingSink();
    private final SinkPipeWriter writer = new SinkPipeWriter(pool, sink, 1000);

    @AfterEach
    void everyBlockIsReturned() {
        writer.complete();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void nothingIsSentBeforeTheFlushAndNothingIsHeldAfterIt() throws IOException {
        writer.write("hello".getBytes(US_ASCII));
        assertThat(sink.calls).isEmpty();
        assertThat(writer.unflushedBytes()).isEqualTo(5);
        assertThat(writer.flush()).isEqualTo(FlushResult.CONTINUE);
        assertThat(sink.text()).isEqualTo("hello");
        assertThat(writer.unflushedBytes()).isZero();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aFlushOfNothingSendsNothing() throws IOException {
        writer.flush();
        writer.reserve(10);
        writer.flush();
        assertThat(sink.calls).isEmpty();
    }

    @Test
    void severalBlocksGoOutInOneGatheringWrite() throws IOException {
        writer.write(new byte[250]);
        assertThat(writer.unflushedBytes()).isEqualTo(250);
        writer.flush();
        assertThat(sink.calls).containsExactly(List.of(100, 100, 50));
    }

    @Test
    void aCallGetsAtMostAPiece() throws IOException {
        writer.write(new byte[1450]);
        writer.flush();
        assertThat(sink.calls).hasSize(2);
        assertThat(sink.calls).allMatch(call -> call.stream().mapToInt(n -> n).sum() <= 1000);
        assertThat(sink.bytes()).hasSize(1450);
    }

    @Test
    void aLargeArrayGoesOutFromWhereItIsTogetherWithWhatWasPending() throws IOException {
        SinkPipeWriter large = new SinkPipeWriter(pool, sink, 3000);
        byte[] body = new byte[7000];
        new Random(1).nextBytes(body);
        large.write("head".getBytes(US_ASCII));
        large.writeAndFlush(body, 0, body.length);
        assertThat(sink.calls).containsExactly(List.of(4, 2996), List.of(3000), List.of(1004));
        assertThat(sink.wrapped).as("no copy in between").contains(body);
        assertThat(sink.bytes()).startsWith("head".getBytes(US_ASCII)).endsWith(body);
        assertThat(pool.stats().allocated()).isEqualTo(1);
    }

    @Test
    void aSmallArrayIsCopied() throws IOException {
        writer.write("head ".getBytes(US_ASCII));
        writer.writeAndFlush("body!".getBytes(US_ASCII), 0, 4);
        assertThat(sink.calls).containsExactly(List.of(9));
        assertThat(sink.text()).isEqualTo("head body");
    }

    @Test
    void afterAFailureEveryFlushThrowsIt() {
        IOException failure = new IOException("reset");
        sink.failure = failure;
        writer.write(new byte[10]);
        assertThatThrownBy(writer::flush).isSameAs(failure);
        assertThat(pool.stats().rented()).isZero();
        sink.failure = null;
        writer.write(new byte[10]);
        assertThatThrownBy(writer::flush).isSameAs(failure);
        assertThatThrownBy(() -> writer.writeAndFlush(new byte[5000], 0, 5000)).isSameAs(failure);
        assertThat(pool.stats().rented()).isZero();
        assertThat(sink.calls).isEmpty();
    }

    @Test
    void aCancelledFlushKeepsTheBytes() throws IOException {
        writer.write("one".getBytes(US_ASCII));
        writer.cancelPendingFlush();
        assertThat(writer.flush()).isEqualTo(FlushResult.CANCELED);
        assertThat(sink.calls).isEmpty();
        assertThat(writer.flush()).isEqualTo(FlushResult.CONTINUE);
        assertThat(sink.text()).isEqualTo("one");
    }

    @Test
    void aCancelledFlushOfALargeArrayKeepsItsBytesToo() throws IOException {
        byte[] body = new byte[5000];
        new Random(2).nextBytes(body);
        byte[] sent = body.clone();
        writer.cancelPendingFlush();
        assertThat(writer.writeAndFlush(sent, 0, sent.length)).isEqualTo(FlushResult.CANCELED);
        java.util.Arrays.fill(sent, (byte) 0);
        writer.flush();
        assertThat(sink.bytes()).isEqualTo(body);
    }

    @Test
    void progressIsToldOfWhatWasPendingAndOfALargeBuffer() throws IOException {
        SinkPipeWriter large = new SinkPipeWriter(pool, sink, 200_000);
        byte[] body = new byte[500_000];
        new Random(4).nextBytes(body);
        sink.takes = 90_000;
        List<Long> taken = new ArrayList<>();
        large.write("head".getBytes(US_ASCII));
        assertThat(large.writeAndFlush(ByteBuffer.wrap(body), taken::add))
                .isEqualTo(FlushResult.CONTINUE);
        assertThat(large.unflushedBytes()).isZero();
        assertThat(taken)
                .containsExactly(
                        90_000L, 90_000L, 20_000L, 90_000L, 90_000L, 20_000L, 90_000L, 10_004L);
        assertThat(sink.bytes()).startsWith("head".getBytes(US_ASCII)).endsWith(body);
        assertThat(sink.wrapped).as("no copy in between").contains(body);
    }

    @Test
    void progressIsToldOfWhatWasWritten() throws IOException {
        List<Long> taken = new ArrayList<>();
        writer.write(new byte[2500]);
        writer.flush(taken::add);
        assertThat(taken.stream().mapToLong(n -> n).sum()).isEqualTo(2500);
        taken.clear();
        writer.flush(taken::add);
        assertThat(taken).isEmpty();
    }

    /** "A sink that takes all or nothing takes 64 KiB at a time." */
    @Test
    void aSinkThatTakesAllOrNothingIsNotWaitedForLong() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        ByteSink whole =
                new ByteSink() {
                    @Override
                    public void write(ByteBuffer source) {
                        sizes.add(source.remaining());
                        source.position(source.limit());
                    }

                    @Override
                    public void write(ByteBuffer[] sources, int count) {
                        throw new AssertionError("several were written");
                    }
                };
        SinkPipeWriter large = new SinkPipeWriter(pool, whole, 1_000_000);
        List<Long> taken = new ArrayList<>();
        large.writeAndFlush(ByteBuffer.wrap(new byte[150_000]), taken::add);
        assertThat(sizes).containsExactly(PipeWriter.SOME, PipeWriter.SOME, 18_928);
        assertThat(taken).containsExactly(65_536L, 65_536L, 18_928L);
    }

    @Test
    void aBufferOfACancelledFlushIsKept() throws IOException {
        writer.cancelPendingFlush();
        ByteBuffer direct = ByteBuffer.allocateDirect(5).put("hello".getBytes(US_ASCII)).flip();
        assertThat(writer.writeAndFlush(direct, PipeWriter.Progress.IGNORED))
                .isEqualTo(FlushResult.CANCELED);
        assertThat(sink.calls).isEmpty();
        writer.flush();
        assertThat(sink.text()).isEqualTo("hello");
    }

    @Test
    void completingSendsTheRestAndTheEnd() {
        writer.write("end".getBytes(US_ASCII));
        writer.complete();
        writer.complete();
        assertThat(sink.text()).isEqualTo("end");
        assertThat(sink.ends).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(writer::flush);
        assertThatIllegalStateException().isThrownBy(() -> writer.write(1));
    }

    @Test
    void completingWithAnErrorSendsNothing() {
        writer.write("end".getBytes(US_ASCII));
        writer.complete(new IOException("gone"));
        assertThat(sink.calls).isEmpty();
        assertThat(sink.ends).isZero();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aFailureWhileCompletingIsKeptQuiet() {
        sink.failure = new IOException("reset");
        writer.write(new byte[10]);
        writer.complete();
        assertThat(sink.ends).isZero();
    }

    @Test
    void aPieceMustFitABlock() {
        assertThatIllegalArgumentException().isThrownBy(() -> writer.reserve(101));
        assertThatIllegalArgumentException().isThrownBy(() -> new SinkPipeWriter(pool, sink, 0));
    }

    @Test
    void randomWritesArriveInOrder() throws IOException {
        Random random = new Random(3);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            byte[] piece = new byte[random.nextInt(i % 10 == 0 ? 6000 : 200)];
            random.nextBytes(piece);
            expected.writeBytes(piece);
            switch (random.nextInt(4)) {
                case 0 -> writer.writeAndFlush(piece, 0, piece.length);
                case 1 -> {
                    for (byte b : piece) {
                        writer.write(b);
                    }
                }
                case 2 -> {
                    writer.write(piece);
                    writer.flush();
                }
                default -> writer.write(piece);
            }
        }
        writer.flush();
        assertThat(sink.bytes()).isEqualTo(expected.toByteArray());
    }

    /** Keeps what it gets, and the sizes of the buffers in each call. */
    private static final class RecordingSink implements ByteSink {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final List<List<Integer>> calls = new ArrayList<>();
        final List<byte[]> wrapped = new ArrayList<>();
        @Nullable IOException failure;
        int ends;
        int takes = Integer.MAX_VALUE;

        @Override
        public void write(ByteBuffer source) throws IOException {
            write(new ByteBuffer[] {source}, 1);
        }

        @Override
        public void write(ByteBuffer[] sources, int count) throws IOException {
            if (failure != null) {
                throw failure;
            }
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sizes.add(sources[i].remaining());
                wrapped.add(sources[i].array());
                byte[] copy = new byte[sources[i].remaining()];
                sources[i].get(copy);
                all.writeBytes(copy);
            }
            calls.add(sizes);
        }

        @Override
        public void write(ByteBuffer[] sources, int count, PipeWriter.Progress progress)
                throws IOException {
            int left = 0;
            for (int i = 0; i < count; i++) {
                left += sources[i].remaining();
            }
            write(sources, count);
            for (; left > 0; left -= takes) {
                progress.taken(Math.min(left, takes));
            }
        }

        @Override
        public void end() {
            ends++;
        }

        byte[] bytes() {
            return all.toByteArray();
        }

        String text() {
            return all.toString(US_ASCII);
        }
    }
}
