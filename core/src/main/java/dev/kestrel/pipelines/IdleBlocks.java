package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few of the small blocks that readers wait on, left by those that {@linkplain
 * SourcePipeReader#beginRest() rest} for those that wake. A connection that is asked seldom would
 * make garbage of one with each request. May be used by any thread, and is not keyed by it.
 */
public final class IdleBlocks {

    /** Those that are in use between two waits, rather than by handlers that take long. */
    private static final int MOST = 16;

    private final int size;
    private final AtomicReferenceArray<@Nullable MemoryBlock> blocks =
            new AtomicReferenceArray<>(MOST);

    /**
     * Makes an empty place for blocks of one size.
     *
     * @param size the size of each block in bytes, at least one
     * @throws IllegalArgumentException when it is less than one
     */
    public IdleBlocks(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("The size must be at least one");
        }
        this.size = size;
    }

    int size() {
        return size;
    }

    /** One that was left, or a new one; empty. */
    MemoryBlock take() {
        for (int i = 0; i < MOST; i++) {
            if (blocks.getPlain(i) != null) {
                MemoryBlock block = blocks.getAndSet(i, null);
                if (block != null) {
                    return block;
                }
            }
        }
        return new MemoryBlock(null, new byte[size]);
    }

    /** Leaves one for others; those that find no room are the collector's. */
    void leave(MemoryBlock block) {
        block.clear();
        for (int i = 0; i < MOST; i++) {
            if (blocks.getPlain(i) == null && blocks.compareAndSet(i, null, block)) {
                return;
            }
        }
    }
}
