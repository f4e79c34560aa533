package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Objects;

/**
 * Bytes that lie in one or more blocks, seen as one sequence and addressed from zero.
 *
 * <p>A sequence that a {@link PipeReader} gives out is a view, valid until the next {@code
 * advanceTo}; the reader uses the same object again. Whoever wants to keep bytes copies them. The
 * original's name is {@code ReadOnlySequence<byte>}.
 */
public final class ByteSequence {

    private static final MemoryBlock NOTHING = new MemoryBlock(null, new byte[0]);

    private MemoryBlock head = NOTHING;
    private int from;
    private long length;

    ByteSequence() {}

    /**
     * A sequence over an array, which is not copied.
     *
     * @param bytes the array
     * @return a sequence over all of it
     */
    public static ByteSequence of(byte... bytes) {
        MemoryBlock block = new MemoryBlock(null, bytes);
        block.end = bytes.length;
        ByteSequence sequence = new ByteSequence();
        sequence.set(block, 0, bytes.length);
        return sequence;
    }

    void set(@Nullable MemoryBlock first, int offset, long count) {
        head = first == null ? NOTHING : first;
        from = first == null ? 0 : offset;
        length = count;
    }

    /** Becomes the first bytes of another one. */
    void setStart(ByteSequence whole, long count) {
        set(whole.head, whole.from, count);
    }

    /**
     * How many bytes there are.
     *
     * @return the length, zero or more
     */
    public long length() {
        return length;
    }

    /**
     * Whether there are none.
     *
     * @return true when the length is zero
     */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * Whether all bytes lie in one array, so that {@link #firstArray()} has them all.
     *
     * @return true for one block or none
     */
    public boolean isSingleBlock() {
        return length <= head.end - from;
    }

    /**
     * The array with the first bytes.
     *
     * @return shared memory, for reading from {@link #firstOffset()} on
     */
    public byte[] firstArray() {
        return head.array();
    }

    /**
     * Where in {@link #firstArray()} the first byte is.
     *
     * @return an index
     */
    public int firstOffset() {
        return from;
    }

    /**
     * How many bytes of the sequence {@link #firstArray()} has.
     *
     * @return a count, at most {@link #length()}
     */
    public int firstLength() {
        return (int) Math.min(length, head.end - from);
    }

    /**
     * One byte.
     *
     * @param index from zero to {@code length() - 1}
     * @return the byte
     * @throws IndexOutOfBoundsException when there is no such byte
     */
    public byte get(long index) {
        Objects.checkIndex(index, length);
        MemoryBlock block = head;
        int start = from;
        long left = index;
        while (left >= block.end - start) {
            left -= block.end - start;
            block = following(block);
            start = block.start;
        }
        return block.array()[start + (int) left];
    }

    /**
     * Finds a byte.
     *
     * @param value the byte
     * @param fromIndex where to begin, from zero to {@code length()}
     * @return the index of the first such byte, or -1
     */
    public long indexOf(byte value, long fromIndex) {
        Objects.checkFromToIndex(fromIndex, length, length);
        long passed = 0;
        MemoryBlock block = head;
        int start = from;
        while (passed < length) {
            int count = (int) Math.min(block.end - start, length - passed);
            byte[] array = block.array();
            for (int i = (int) Math.max(0, fromIndex - passed); i < count; i++) {
                if (array[start + i] == value) {
                    return passed + i;
                }
            }
            passed += count;
            if (passed < length) {
                block = following(block);
                start = block.start;
            }
        }
        return -1;
    }

    /**
     * A part of this sequence; nothing is copied.
     *
     * @param index where it begins
     * @param count its length
     * @return a view that lives as long as this one
     * @throws IndexOutOfBoundsException when the part lies outside
     */
    public ByteSequence slice(long index, long count) {
        Objects.checkFromIndexSize(index, count, length);
        MemoryBlock block = head;
        int start = from;
        long left = index;
        while (left > block.end - start || (left == block.end - start && count > 0)) {
            left -= block.end - start;
            block = following(block);
            start = block.start;
        }
        ByteSequence part = new ByteSequence();
        part.set(block, start + (int) left, count);
        return part;
    }

    /**
     * Copies bytes out.
     *
     * @param index where to begin here
     * @param target where they go
     * @param offset where they begin there
     * @param count how many
     * @throws IndexOutOfBoundsException when either range lies outside
     */
    public void copyTo(long index, byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length);
        Objects.checkFromIndexSize(offset, count, target.length);
        MemoryBlock block = head;
        int start = from;
        long skip = index;
        int to = offset;
        int left = count;
        while (left > 0) {
            int here = block.end - start;
            if (skip < here) {
                int n = (int) Math.min(here - skip, left);
                System.arraycopy(block.array(), start + (int) skip, target, to, n);
                to += n;
                left -= n;
                skip = 0;
            } else {
                skip -= here;
            }
            if (left > 0) {
                block = following(block);
                start = block.start;
            }
        }
    }

    /**
     * Copies bytes out.
     *
     * @param index where to begin here
     * @param target where they go, from its position on; that is moved
     * @param count how many
     * @throws IndexOutOfBoundsException when the range lies outside
     * @throws java.nio.BufferOverflowException when the target has less room
     */
    public void copyTo(long index, ByteBuffer target, int count) {
        Objects.checkFromIndexSize(index, count, length);
        MemoryBlock block = head;
        int start = from;
        long skip = index;
        int left = count;
        while (left > 0) {
            int here = block.end - start;
            if (skip < here) {
                int n = (int) Math.min(here - skip, left);
                target.put(block.array(), start + (int) skip, n);
                left -= n;
                skip = 0;
            } else {
                skip -= here;
            }
            if (left > 0) {
                block = following(block);
                start = block.start;
            }
        }
    }

    /**
     * All bytes in an array of their own.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        byte[] copy = new byte[Math.toIntExact(length)];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    /**
     * All bytes as text.
     *
     * @param charset how they are encoded
     * @return the text
     */
    public String toString(Charset charset) {
        if (isSingleBlock()) {
            return new String(head.array(), from, (int) length, charset);
        }
        return new String(toByteArray(), charset);
    }

    /**
     * Runs over the arrays in order.
     *
     * @param action what to do with each
     * @throws IOException when the action throws it
     */
    public void forEach(BlockAction action) throws IOException {
        MemoryBlock block = head;
        int start = from;
        long left = length;
        while (left > 0) {
            int n = (int) Math.min(block.end - start, left);
            if (n > 0) {
                action.accept(block.array(), start, n);
            }
            left -= n;
            if (left > 0) {
                block = following(block);
                start = block.start;
            }
        }
    }

    private static MemoryBlock following(MemoryBlock block) {
        MemoryBlock next = block.next;
        if (next == null) {
            throw new IllegalStateException(
                    "The sequence is no longer valid: the reader has advanced");
        }
        return next;
    }

    @Override
    public String toString() {
        return "ByteSequence[" + length + "]";
    }

    /** Something that takes a piece of an array. */
    @FunctionalInterface
    public interface BlockAction {
        /**
         * Takes a piece.
         *
         * @param array the memory, for reading
         * @param offset where the piece begins
         * @param count its length, at least one
         * @throws IOException when the piece can not be taken
         */
        void accept(byte[] array, int offset, int count) throws IOException;
    }
}
