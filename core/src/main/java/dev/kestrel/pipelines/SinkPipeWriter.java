package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A writer whose {@code flush} hands everything to a {@link ByteSink} on the caller's thread and
 * returns when it is taken. Between flushes it holds no memory.
 *
 * <p>A write that is under way can not be cancelled: {@link #cancelPendingFlush()} is for the next
 * flush, and whoever wants to end a stuck one aborts the transport. After a failure every flush
 * throws that failure.
 */
public class SinkPipeWriter extends PipeWriter {

    /**
     * How many bytes go to the sink in one call unless another number is given. The JDK copies what
     * it writes to a channel into native memory that it keeps for each carrier thread, one piece
     * for each array of the write, as large as the largest, so pieces stay small.
     */
    public static final int DEFAULT_PIECE_SIZE = 128 * 1024;

    /** Up to here a copy costs less than a buffer of its own in the gathering write. */
    private static final int COPY_LIMIT = 2048;

    private static final int GATHER = 16;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final MemoryPool pool;
    private final ByteSink sink;
    private final int pieceSize;
    private final ByteBuffer[] gathered = new ByteBuffer[GATHER];

    private int gatheredBytes;

    private @Nullable MemoryBlock first;
    private long closedBytes;
    private volatile boolean flushCanceled;
    private @Nullable IOException failure;
    private boolean completed;

    /**
     * Makes a writer.
     *
     * @param pool where blocks come from
     * @param sink where bytes go
     * @param pieceSize how many bytes the sink gets in one call at most, at least one; a block of
     *     the pool is not split
     * @throws IllegalArgumentException when the size is less than one
     */
    public SinkPipeWriter(MemoryPool pool, ByteSink sink, int pieceSize) {
        if (pieceSize < 1) {
            throw new IllegalArgumentException("A piece needs at least one byte, not " + pieceSize);
        }
        this.pool = pool;
        this.sink = sink;
        this.pieceSize = pieceSize;
    }

    /**
     * Makes a writer with {@link #DEFAULT_PIECE_SIZE}.
     *
     * @param pool where blocks come from
     * @param sink where bytes go
     */
    public SinkPipeWriter(MemoryPool pool, ByteSink sink) {
        this(pool, sink, DEFAULT_PIECE_SIZE);
    }

    @Override
    protected void nextBlock(int size) {
        checkOpen();
        if (size > pool.blockSize()) {
            throw new IllegalArgumentException(
                    size + " bytes in one piece are more than a block of " + pool.blockSize());
        }
        MemoryBlock previous = tail;
        closeTail();
        MemoryBlock block = pool.rent();
        if (previous == null) {
            first = block;
        } else {
            previous.next = block;
        }
        useTail(block);
    }

    @Override
    public FlushResult flush() throws IOException {
        return send(null, Progress.IGNORED);
    }

    @Override
    public FlushResult flush(Progress progress) throws IOException {
        return send(null, progress);
    }

    @Override
    public FlushResult writeAndFlush(byte[] source, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, source.length);
        if (count <= COPY_LIMIT) {
            write(source, offset, count);
            return send(null, Progress.IGNORED);
        }
        return send(ByteBuffer.wrap(source, offset, count), Progress.IGNORED);
    }

    @Override
    public FlushResult writeAndFlush(ByteBuffer source, Progress progress) throws IOException {
        if (source.remaining() <= COPY_LIMIT && unflushedBytes() > 0) {
            write(source);
            return send(null, progress);
        }
        return send(source.hasRemaining() ? source : null, progress);
    }

    @Override
    public long unflushedBytes() {
        return closedBytes + (tail == null ? 0 : position);
    }

    /**
     * Whether there is nothing to remember: a new writer in the place of this one would do the
     * same.
     *
     * @return false when something is not flushed, or flushing failed, was cancelled or is over
     */
    public boolean isAsNew() {
        return tail == null && first == null && failure == null && !flushCanceled && !completed;
    }

    @Override
    public void cancelPendingFlush() {
        flushCanceled = true;
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (completed) {
            return;
        }
        try {
            if (error == null && failure == null) {
                sendAll(null, Progress.IGNORED);
                sink.end();
            }
        } catch (IOException e) {
            // Nobody is left to be told: the transport knows why it ended.
            failure = e;
        } finally {
            completed = true;
            releaseAll();
        }
    }

    private FlushResult send(@Nullable ByteBuffer extra, Progress progress) throws IOException {
        checkReady();
        if (flushCanceled) {
            flushCanceled = false;
            if (extra != null) {
                // The caller may use its array again; the bytes are still to be delivered.
                write(extra);
            }
            return FlushResult.CANCELED;
        }
        try {
            sendAll(extra, progress);
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            releaseAll();
        }
        return FlushResult.CONTINUE;
    }

    private void checkReady() throws IOException {
        checkOpen();
        if (failure != null) {
            releaseAll();
            throw failure;
        }
    }

    private void sendAll(@Nullable ByteBuffer extra, Progress progress) throws IOException {
        int count = gather(progress);
        if (extra != null) {
            sendWith(extra, count, progress);
        } else {
            pass(count, progress);
        }
    }

    /** Gathers what was written; of what is more than a piece the first pieces are sent. */
    private int gather(Progress progress) throws IOException {
        closeTail();
        int count = 0;
        int bytes = 0;
        for (MemoryBlock block = first; block != null; block = block.next) {
            if (block.length() == 0) {
                continue;
            }
            if (count == GATHER || (count > 0 && bytes + block.length() > pieceSize)) {
                pass(count, progress);
                count = 0;
                bytes = 0;
            }
            gathered[count++] = block.data();
            bytes += block.length();
        }
        gatheredBytes = bytes;
        return count;
    }

    /**
     * Sends what is gathered together with the start of a large array, then the rest of that in
     * pieces.
     */
    private void sendWith(ByteBuffer extra, int gatheredCount, Progress progress)
            throws IOException {
        int count = gatheredCount;
        int room = pieceSize - gatheredBytes;
        if (count == GATHER || room <= 0) {
            pass(count, progress);
            count = 0;
            room = pieceSize;
        }
        int end = extra.limit();
        while (extra.position() < end) {
            extra.limit(extra.position() + Math.min(room, end - extra.position()));
            gathered[count++] = extra;
            pass(count, progress);
            count = 0;
            room = pieceSize;
            extra.limit(end);
        }
    }

    private void pass(int count, Progress progress) throws IOException {
        try {
            if (count == 0) {
                return;
            }
            if (progress != Progress.IGNORED) {
                sink.write(gathered, count, progress);
            } else if (count == 1) {
                sink.write(gathered[0]);
            } else {
                sink.write(gathered, count);
            }
        } finally {
            // An idle connection must not keep the memory of its last answer reachable.
            Arrays.fill(gathered, 0, count, NOTHING);
        }
    }

    private void closeTail() {
        MemoryBlock block = tail;
        if (block != null) {
            closedBytes += position;
            block.end = position;
            dropTail();
        }
    }

    private void releaseAll() {
        dropTail();
        PipeEndWriter.release(first);
        first = null;
        closedBytes = 0;
    }

    private void checkOpen() {
        if (completed) {
            throw new IllegalStateException("The writer is completed");
        }
    }
}
