package dev.kestrel.quic;

import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.MemoryBlock;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes out on a stream. A flush hands the blocks to the loop, which gives them back, and waits
 * while more bytes than allowed were not taken by the library. One thread writes at a time.
 */
final class StreamOutput extends PipeWriter {

    private final MemoryPool pool;
    private final StreamSender sender;
    private final int limit;

    /** How many bytes the loop has: the writer adds, the loop takes. */
    private final AtomicLong pending = new AtomicLong();

    private volatile @Nullable IOException failure;
    private volatile @Nullable Thread waiter;
    private volatile boolean flushCanceled;
    private volatile boolean completed;

    private @Nullable OutputPiece first;
    private @Nullable OutputPiece last;
    private long closedBytes;

    StreamOutput(TransportSettings settings, StreamSender sender) {
        this.pool = settings.pool();
        this.limit = settings.options().maxWriteBufferSize();
        this.sender = sender;
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

    @Override
    public FlushResult flush() throws IOException {
        if (completed) {
            throw new IllegalStateException("The writer is completed");
        }
        throwFailure();
        handOver(false);
        awaitRoom();
        throwFailure();
        if (flushCanceled) {
            flushCanceled = false;
            return FlushResult.CANCELED;
        }
        return FlushResult.CONTINUE;
    }

    @Override
    public long unflushedBytes() {
        return closedBytes + (tail == null ? 0 : position);
    }

    @Override
    public void cancelPendingFlush() {
        flushCanceled = true;
        LockSupport.unpark(waiter);
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (completed) {
            return;
        }
        completed = true;
        if (error == null && failure == null) {
            handOver(true);
        } else {
            closeTail();
            for (OutputPiece piece = first; piece != null; piece = piece.next) {
                pool.giveBack(piece.block);
            }
            forget();
        }
    }

    /** Whether the end of the stream is on its way. */
    boolean isCompleted() {
        return completed;
    }

    private void handOver(boolean fin) {
        closeTail();
        OutputPiece pieces = first;
        long bytes = closedBytes;
        forget();
        if (pieces != null || fin) {
            pending.addAndGet(bytes);
            sender.send(pieces, fin);
        }
    }

    private void forget() {
        first = null;
        last = null;
        closedBytes = 0;
    }

    private void closeTail() {
        MemoryBlock block = tail;
        if (block == null) {
            return;
        }
        int length = position;
        dropTail();
        if (length == 0) {
            pool.giveBack(block);
            return;
        }
        OutputPiece piece = new OutputPiece(block, length);
        OutputPiece before = last;
        if (before == null) {
            first = piece;
        } else {
            before.next = piece;
        }
        last = piece;
        closedBytes += length;
    }

    private void awaitRoom() throws IOException {
        if (pending.get() <= limit) {
            return;
        }
        waiter = Thread.currentThread();
        try {
            while (pending.get() > limit && !flushCanceled) {
                throwFailure();
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException(
                            "The thread was interrupted while it waited for the client to read");
                }
                LockSupport.park(this);
            }
        } finally {
            waiter = null;
        }
    }

    private void throwFailure() throws IOException {
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }

    /** The library has taken so many bytes, or they were dropped. On the loop. */
    void taken(long bytes) {
        if (pending.addAndGet(-bytes) <= limit) {
            LockSupport.unpark(waiter);
        }
    }

    /** Whoever writes gets the reason; the first one counts. From any thread. */
    void fail(IOException reason) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
        }
        LockSupport.unpark(waiter);
    }

    boolean isFailed() {
        return failure != null;
    }
}
