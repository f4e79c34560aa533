package dev.kestrel.internal.serving;

import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.MemoryBlock;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tells what is written to another writer, when it is flushed. Until then the bytes are here. */
final class LoggingPipeWriter extends PipeWriter {

    /**
     * A block that is not filled any further.
     *
     * @param block the block
     * @param count how many bytes are in it
     */
    private record Piece(MemoryBlock block, int count) {}

    private final PipeWriter inner;
    private final MemoryPool pool;
    private final ByteLog log;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int piecesBytes;
    private boolean completed;

    LoggingPipeWriter(PipeWriter inner, MemoryPool pool, ByteLog log) {
        this.inner = inner;
        this.pool = pool;
        this.log = log;
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
        closeTail();
        useTail(pool.rent());
    }

    private void closeTail() {
        MemoryBlock block = tail;
        if (block != null) {
            pieces.add(new Piece(block, position));
            piecesBytes += position;
            dropTail();
        }
    }

    /** Takes out what was written since the last flush. */
    private byte[] take() {
        closeTail();
        byte[] bytes = new byte[piecesBytes];
        int at = 0;
        for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            System.arraycopy(piece.block().array(), 0, bytes, at, piece.count());
            at += piece.count();
            pool.giveBack(piece.block());
        }
        piecesBytes = 0;
        return bytes;
    }

    @Override
    public FlushResult flush() throws IOException {
        byte[] bytes = take();
        if (bytes.length == 0) {
            return inner.flush();
        }
        log.bytes("Write", bytes);
        return inner.writeAndFlush(bytes, 0, bytes.length);
    }

    @Override
    public FlushResult flush(Progress progress) throws IOException {
        byte[] bytes = take();
        if (bytes.length == 0) {
            return inner.flush(progress);
        }
        log.bytes("Write", bytes);
        return inner.writeAndFlush(ByteBuffer.wrap(bytes), progress);
    }

    @Override
    public long unflushedBytes() {
        return piecesBytes + (tail == null ? 0 : position) + inner.unflushedBytes();
    }

    @Override
    public void cancelPendingFlush() {
        inner.cancelPendingFlush();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (completed) {
            return;
        }
        completed = true;
        byte[] bytes = take();
        if (error == null && bytes.length > 0) {
            log.bytes("Write", bytes);
            inner.write(bytes);
        }
        inner.complete(error);
    }

    /** Drops what was written and not flushed, and takes no more. */
    void release() {
        completed = true;
        take();
    }
}
