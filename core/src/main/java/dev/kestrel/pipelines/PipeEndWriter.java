package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The writer of a {@link Pipe}: what was written and not flushed. It may fill up the last block of
 * the pipe, which the pipe lends it, and then goes on in blocks of its own. Between flushes it
 * holds nothing.
 */
final class PipeEndWriter extends PipeWriter {

    private final Pipe pipe;
    private final MemoryPool pool;

    private @Nullable MemoryBlock lent;
    private int lentEnd;
    private @Nullable MemoryBlock first;
    private long closedBytes;
    private int tailStart;
    private boolean completed;

    PipeEndWriter(Pipe pipe, MemoryPool pool) {
        this.pipe = pipe;
        this.pool = pool;
    }

    @Override
    protected void nextBlock(int size) {
        if (completed) {
            throw new IllegalStateException("The writer is completed");
        }
        if (size > pool.blockSize()) {
            throw new IllegalArgumentException(
                    size + " bytes in one piece are more than a block of " + pool.blockSize());
        }
        if (tail == null) {
            MemoryBlock last = pipe.lendLast(size);
            if (last != null) {
                lent = last;
                lentEnd = last.end;
                tailStart = last.end;
                useTail(last);
                return;
            }
        } else {
            closeTail();
        }
        MemoryBlock previous = tail;
        MemoryBlock block = pool.rent();
        if (first == null) {
            first = block;
        } else if (previous != null) {
            previous.next = block;
        }
        tailStart = 0;
        useTail(block);
    }

    @Override
    public FlushResult flush() throws IOException {
        if (completed) {
            throw new IllegalStateException("The writer is completed");
        }
        commit();
        return pipe.awaitReader();
    }

    @Override
    public long unflushedBytes() {
        return closedBytes + (tail == null ? 0 : position - tailStart);
    }

    @Override
    public void cancelPendingFlush() {
        pipe.cancelFlush();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (completed) {
            return;
        }
        completed = true;
        if (error != null) {
            drop();
        }
        commit();
        pipe.completeWriter(error);
    }

    void reset() {
        completed = false;
    }

    private void commit() {
        MemoryBlock end = tail;
        if (end == null) {
            return;
        }
        closeTail();
        pipe.commit(lentEnd, first, end == lent ? null : end, closedBytes);
        forget();
    }

    /**
     * Gives up what was written since the last flush; a lent block goes back to the pipe as it was.
     */
    private void drop() {
        MemoryBlock back = lent;
        release(first);
        first = null;
        if (back != null) {
            lentEnd = back.end;
            tailStart = back.end;
            useTail(back);
        } else {
            dropTail();
        }
        closedBytes = 0;
    }

    private void closeTail() {
        MemoryBlock block = tail;
        if (block == null) {
            return;
        }
        closedBytes += position - tailStart;
        // The end of a lent block is the pipe's to move: its reader may be looking at it.
        if (block == lent) {
            lentEnd = position;
        } else {
            block.end = position;
        }
    }

    private void forget() {
        lent = null;
        lentEnd = -1;
        first = null;
        closedBytes = 0;
        dropTail();
    }

    static void release(@Nullable MemoryBlock chain) {
        MemoryBlock block = chain;
        while (block != null) {
            MemoryBlock next = block.next;
            block.release();
            block = next;
        }
    }
}
