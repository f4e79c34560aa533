package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** A sequence answers the same whether its bytes lie in one block or in many. */
class ByteSequenceTest {

    @Test
    void anArrayIsASequence() {
        ByteSequence sequence = ByteSequence.of("hello".getBytes(US_ASCII));
        assertThat(sequence.length()).isEqualTo(5);
        assertThat(sequence.isEmpty()).isFalse();
        assertThat(sequence.isSingleBlock()).isTrue();
        assertThat(sequence.toString(US_ASCII)).isEqualTo("hello");
        assertThat(sequence).hasToString("ByteSequence[5]");
    }

    @Test
    void nothingIsASequenceToo() throws IOException {
        ByteSequence nothing = ByteSequence.of();
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(nothing.isSingleBlock()).isTrue();
        assertThat(nothing.firstLength()).isZero();
        assertThat(nothing.toByteArray()).isEmpty();
        assertThat(nothing.indexOf((byte) 'x', 0)).isEqualTo(-1);
        assertThat(nothing.slice(0, 0).length()).isZero();
        nothing.forEach(
                (array, offset, count) -> {
                    throw new AssertionError("there is no piece");
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void splittingChangesNothing(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(1, 60)];
            random.nextBytes(bytes);
            ByteSequence sequence = split(bytes, random);
            assertThat(sequence.toByteArray()).isEqualTo(bytes);
            assertThat(sequence.length()).isEqualTo(bytes.length);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(sequence.get(i)).isEqualTo(bytes[i]);
            }
            int from = random.nextInt(bytes.length + 1);
            int count = random.nextInt(bytes.length - from + 1);
            ByteSequence slice = sequence.slice(from, count);
            byte[] expected = Arrays.copyOfRange(bytes, from, from + count);
            assertThat(slice.toByteArray()).isEqualTo(expected);
            byte[] array = new byte[count + 3];
            sequence.copyTo(from, array, 2, count);
            assertThat(Arrays.copyOfRange(array, 2, 2 + count)).isEqualTo(expected);
            ByteBuffer buffer = ByteBuffer.allocateDirect(count + 3).position(2);
            sequence.copyTo(from, buffer, count);
            assertThat(buffer.position()).isEqualTo(2 + count);
            byte[] copied = new byte[count];
            buffer.get(2, copied);
            assertThat(copied).isEqualTo(expected);
            assertThat(slice.firstLength()).isGreaterThanOrEqualTo(Math.min(1, count));
            assertThat(slice.toString(StandardCharsets.ISO_8859_1))
                    .isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
            byte sought = bytes[random.nextInt(bytes.length)];
            assertThat(sequence.indexOf(sought, from)).isEqualTo(indexOf(bytes, sought, from));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            sequence.forEach(all::write);
            assertThat(all.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void whatLiesOutsideIsRefused() {
        ByteSequence sequence = ByteSequence.of(new byte[3]);
        assertThatThrownBy(() -> sequence.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sequence.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sequence.slice(2, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sequence.copyTo(0, new byte[2], 0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sequence.copyTo(2, ByteBuffer.allocate(9), 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sequence.copyTo(0, ByteBuffer.allocate(2), 3))
                .isInstanceOf(BufferOverflowException.class);
        assertThatThrownBy(() -> sequence.indexOf((byte) 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int indexOf(byte[] bytes, byte value, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == value) {
                return i;
            }
        }
        return -1;
    }

    /** Puts the bytes into blocks of random sizes, some of them empty, behind a random offset. */
    private static ByteSequence split(byte[] bytes, Random random) {
        BlockChain chain = new BlockChain();
        int from = 0;
        while (from < bytes.length) {
            int count = Math.min(random.nextInt(10), bytes.length - from);
            int offset = chain.last() == null ? random.nextInt(5) : 0;
            MemoryBlock block = new MemoryBlock(null, new byte[offset + count + random.nextInt(3)]);
            System.arraycopy(bytes, from, block.array(), offset, count);
            block.start = offset;
            block.end = offset + count;
            chain.append(block);
            from += count;
        }
        ByteSequence sequence = new ByteSequence();
        chain.show(sequence);
        return sequence;
    }
}
