package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Decides into which memory the next read from a source goes; see {@link SourcePipeReader}. Used by
 * one thread at a time.
 */
final class SourceFiller {

    private final MemoryPool pool;
    private final ByteSource source;
    private final int idleSize;
    private @Nullable MemoryBlock idle;

    /** The last read filled the small block: more is likely to wait. */
    private boolean grown;

    SourceFiller(MemoryPool pool, ByteSource source, int idleSize) {
        this.pool = pool;
        this.source = source;
        this.idleSize = idleSize;
    }

    /** Waits for bytes and puts them at the end of the chain; false at the end of the stream. */
    boolean fill(BlockChain chain) throws IOException {
        MemoryBlock last = chain.last();
        if (last == null) {
            MemoryBlock block = grown && source.available() != 0 ? pool.rent() : idleBlock();
            return fillNew(chain, block);
        }
        if (last == idle && last.start > 0) {
            last.compact();
        }
        if (last.end < last.capacity()) {
            return fillRest(chain, last);
        }
        MemoryBlock block = pool.rent();
        if (last == idle && last.length() < block.capacity()) {
            // What is left of a message moves, so that it stays in one piece.
            chain.replaceOnly(block);
            return fillRest(chain, block);
        }
        return fillNew(chain, block);
    }

    private boolean fillNew(BlockChain chain, MemoryBlock block) throws IOException {
        int count = -1;
        try {
            count = source.read(block.free());
        } finally {
            if (count <= 0) {
                block.release();
            }
        }
        if (count > 0) {
            block.end = count;
            chain.append(block);
            grown = count >= idleSize;
        }
        return count >= 0;
    }

    private boolean fillRest(BlockChain chain, MemoryBlock block) throws IOException {
        int count = source.read(block.free());
        if (count > 0) {
            chain.grow(block, block.end + count);
            grown = count >= idleSize || block.end == block.capacity();
        }
        return count >= 0;
    }

    private MemoryBlock idleBlock() {
        MemoryBlock block = idle;
        if (block == null) {
            block = new MemoryBlock(null, new byte[idleSize]);
            idle = block;
        }
        block.clear();
        return block;
    }
}
