package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decides into which memory the next read from a source goes; see {@link SourcePipeReader}. Used by
 * one thread at a time.
 */
final class SourceFiller {

    /** So many blocks of the pool a read fills at most. */
    private static final int WIDEST = 8;

    private static final ByteBuffer[] NO_TARGETS = {};
    private static final MemoryBlock[] NO_BLOCKS = {};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final MemoryBlock NO_BLOCK = new MemoryBlock(null, new byte[0]);

    private final MemoryPool pool;
    private final ByteSource source;
    private final IdleBlocks idleBlocks;
    private final int idleSize;
    private @Nullable MemoryBlock idle;

    /** The last read filled the small block: more is likely to wait. */
    private boolean grown;

    /** How many blocks the next read gets: twice as many once it has filled them. */
    private int width = 1;

    // Made when they are first needed; empty but during a read.
    private ByteBuffer[] targets = NO_TARGETS;
    private MemoryBlock[] rented = NO_BLOCKS;

    SourceFiller(MemoryPool pool, ByteSource source, IdleBlocks idleBlocks) {
        this.pool = pool;
        this.source = source;
        this.idleBlocks = idleBlocks;
        this.idleSize = idleBlocks.size();
    }

    /** Lets go of all memory. Only while the chain is empty and nobody looks at it. */
    void clear() {
        MemoryBlock block = idle;
        if (block != null) {
            idle = null;
            idleBlocks.leave(block);
        }
        targets = NO_TARGETS;
        rented = NO_BLOCKS;
        grown = false;
        width = 1;
    }

    /** Waits for bytes and puts them at the end of the chain; false at the end of the stream. */
    boolean fill(BlockChain chain) throws IOException {
        MemoryBlock last = chain.last();
        if (last == null || last != idle) {
            while (grown && source.awaitInput()) {
                int count = fillBlocks(chain, last);
                if (count != 0) {
                    return count > 0;
                }
            }
        }
        if (last == null) {
            return fillNew(chain, idleBlock());
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

    /** Reads what is there into an empty chain, without waiting; how many bytes came. */
    int fillNow(BlockChain chain) throws IOException {
        MemoryBlock block = idleBlock();
        int count = source.readNow(new ByteBuffer[] {block.free()}, 1);
        if (count > 0) {
            block.end = count;
            chain.append(block);
            grown = count >= idleSize;
        }
        return count;
    }

    /** Fills what is free behind the last block, and blocks of the pool; how many bytes came. */
    private int fillBlocks(BlockChain chain, @Nullable MemoryBlock last) throws IOException {
        if (targets.length == 0) {
            targets = new ByteBuffer[WIDEST + 1];
            rented = new MemoryBlock[WIDEST];
        }
        int used = 0;
        int rest = 0;
        if (last != null && last.end < last.capacity()) {
            rest = last.capacity() - last.end;
            targets[used++] = last.free();
        }
        int wanted = Math.min(width, source.widestRead() - used);
        int blocks = 0;
        int count = 0;
        try {
            while (blocks < wanted) {
                MemoryBlock block = pool.rent();
                rented[blocks++] = block;
                targets[used++] = block.free();
            }
            count = source.readNow(targets, used);
        } finally {
            Arrays.fill(targets, 0, used, NOTHING);
            share(chain, last, Math.min(rest, count), Math.max(0, count - rest), blocks);
        }
        if (count > 0) {
            grown = count >= idleSize;
        }
        return count;
    }

    /** Puts what was read at the end of the chain, and gives back what was not needed. */
    private void share(
            BlockChain chain, @Nullable MemoryBlock last, int inLast, int inBlocks, int blocks) {
        if (last != null && inLast > 0) {
            chain.grow(last, last.end + inLast);
        }
        int left = inBlocks;
        int filled = 0;
        for (int i = 0; i < blocks; i++) {
            MemoryBlock block = rented[i];
            rented[i] = NO_BLOCK;
            if (left > 0) {
                block.end = Math.min(left, block.capacity());
                left -= block.end;
                chain.append(block);
                filled++;
                if (filled == blocks && block.end == block.capacity()) {
                    // What has filled all of them may be more.
                    width = Math.min(WIDEST, 2 * blocks);
                    return;
                }
            } else {
                block.release();
            }
        }
        width = Math.max(1, filled);
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
            block = idleBlocks.take();
            idle = block;
        }
        block.clear();
        return block;
    }
}
