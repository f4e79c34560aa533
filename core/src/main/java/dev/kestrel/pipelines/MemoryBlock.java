package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * A fixed piece of memory, rented from a {@link MemoryPool} and returned to it by whoever holds it
 * last.
 *
 * <p>The bytes between {@link #start()} and {@link #end()} hold data; what lies after {@code end}
 * is free. Blocks link to one another while a pipe holds them, so that a {@link ByteSequence} can
 * run over several. A block belongs to one owner at a time and is not safe for use by several
 * threads.
 */
public final class MemoryBlock {

    private final byte[] array;
    private final ByteBuffer buffer;

    /**
     * The pool that takes this block back; {@code null} for private memory that is never returned.
     */
    final @Nullable MemoryPool owner;

    /** Kept by the pool: true while a user holds the block. */
    boolean rented;

    @Nullable MemoryBlock next;
    int start;
    int end;

    MemoryBlock(@Nullable MemoryPool owner, byte[] array) {
        this.owner = owner;
        this.array = array;
        this.buffer = ByteBuffer.wrap(array);
    }

    /**
     * The memory itself.
     *
     * @return the array, shared with the pool: not to be touched after the block was returned
     */
    public byte[] array() {
        return array;
    }

    /**
     * How many bytes the block holds when it is full.
     *
     * @return the length of {@link #array()}
     */
    public int capacity() {
        return array.length;
    }

    /**
     * Where the data start.
     *
     * @return an index into {@link #array()}
     */
    public int start() {
        return start;
    }

    /**
     * Where the data end and free space begins.
     *
     * @return an index into {@link #array()}
     */
    public int end() {
        return end;
    }

    /**
     * The data, for a call that takes a {@link ByteBuffer}. The same buffer is handed out each
     * time.
     *
     * @return a buffer from {@link #start()} to {@link #end()}
     */
    public ByteBuffer data() {
        return buffer.clear().limit(end).position(start);
    }

    /**
     * The free space, for a call that takes a {@link ByteBuffer}. The same buffer is handed out
     * each time.
     *
     * @return a buffer from {@link #end()} to {@link #capacity()}
     */
    public ByteBuffer free() {
        return buffer.clear().position(end);
    }

    int length() {
        return end - start;
    }

    /** Moves the data to the start of the memory. */
    void compact() {
        System.arraycopy(array, start, array, 0, end - start);
        end -= start;
        start = 0;
    }

    /** Forgets the data and the link, ready for the next owner. */
    void clear() {
        next = null;
        start = 0;
        end = 0;
    }

    /** Gives the block back to its pool; does nothing for private memory. */
    void release() {
        if (owner != null) {
            owner.giveBack(this);
        }
    }
}
