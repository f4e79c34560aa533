package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

/**
 * The blocks that a reader still needs, in order. Blocks go back to their pool as soon as their
 * last byte is consumed, so an empty chain holds nothing. Not safe for use by several threads.
 */
final class BlockChain {

    private @Nullable MemoryBlock head;
    private @Nullable MemoryBlock last;
    private long length;

    long length() {
        return length;
    }

    @Nullable MemoryBlock last() {
        return last;
    }

    /** Puts a block, or several that are linked already, at the end. */
    void append(MemoryBlock first, MemoryBlock end, long bytes) {
        if (last == null) {
            head = first;
        } else {
            last.next = first;
        }
        last = end;
        length += bytes;
    }

    void append(MemoryBlock block) {
        append(block, block, block.length());
    }

    /** Counts bytes that were put behind those of the last block. */
    void grow(MemoryBlock block, int newEnd) {
        length += newEnd - block.end;
        block.end = newEnd;
    }

    /** Puts a larger, empty block in the place of the only one, with the same bytes. */
    void replaceOnly(MemoryBlock larger) {
        MemoryBlock block = head;
        if (block != null) {
            larger.end = block.length();
            System.arraycopy(block.array(), block.start, larger.array(), 0, larger.end);
            block.release();
        }
        head = larger;
        last = larger;
    }

    /** Moves everything that another chain holds to the end of this one. */
    void take(BlockChain other) {
        MemoryBlock first = other.head;
        MemoryBlock end = other.last;
        if (first != null && end != null) {
            append(first, end, other.length);
            other.head = null;
            other.last = null;
            other.length = 0;
        }
    }

    /**
     * Shows all bytes. Blocks in front that were emptied while a writer held them are given back
     * first.
     */
    void show(ByteSequence sequence) {
        while (head != null && head.length() == 0 && head.next != null) {
            MemoryBlock empty = head;
            head = empty.next;
            empty.release();
        }
        sequence.set(head, head == null ? 0 : head.start, length);
    }

    /**
     * Drops bytes at the front, and the blocks that they leave empty.
     *
     * @param count how many, at most {@link #length()}
     * @param kept a block that someone still writes to: it stays even when it is empty
     */
    void consume(long count, @Nullable MemoryBlock kept) {
        long left = count;
        length -= count;
        MemoryBlock block = head;
        while (block != null) {
            int here = block.length();
            if (left < here) {
                block.start += (int) left;
                break;
            }
            left -= here;
            if (block == kept) {
                block.start = block.end;
                break;
            }
            MemoryBlock next = block.next;
            block.release();
            block = next;
        }
        head = block;
        if (block == null) {
            last = null;
        }
    }

    /**
     * Gives every block back but the one that someone still writes to, which is that one's to
     * return.
     */
    void clear(@Nullable MemoryBlock kept) {
        MemoryBlock block = head;
        while (block != null) {
            MemoryBlock next = block.next;
            if (block != kept) {
                block.release();
            }
            block = next;
        }
        head = null;
        last = null;
        length = 0;
    }
}
