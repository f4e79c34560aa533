package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pipe in memory: what one thread writes another reads. The writer waits while the reader has too
 * much that it has not looked at; the reader waits while there is nothing new.
 *
 * <p>A pipe whose bytes were all consumed holds no memory. Each end is completed once, in either
 * order; after both, and only then, {@link #reset()} makes the pipe ready for use again.
 */
public final class Pipe {

    private final MemoryPool pool;
    private final PipeOptions options;
    private final Runnable onReadable;
    private final PipeEndReader reader;
    private final PipeEndWriter writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();
    private final Condition readerIdle = lock.newCondition();

    // All of what follows is guarded by the lock.
    private final BlockChain chain = new BlockChain();
    private @Nullable MemoryBlock writing;
    private long examined;
    private long unexamined;
    private boolean paused;
    private boolean readerWaiting;
    private boolean readCanceled;
    private boolean flushCanceled;
    private boolean writerCompleted;
    private boolean readerCompleted;
    private @Nullable Throwable writerError;
    private @Nullable Throwable readerError;

    /**
     * Makes a pipe.
     *
     * @param pool where its memory comes from
     * @param options when the writer waits
     */
    public Pipe(MemoryPool pool, PipeOptions options) {
        this(pool, options, () -> {});
    }

    /**
     * Makes a pipe whose reader does not wait in it, but is called when there is something to read
     * (the original's {@code ReaderScheduler}).
     *
     * @param pool where its memory comes from
     * @param options when the writer waits
     * @param onReadable runs on the writer's thread whenever bytes were added, before the writer
     *     waits, and when the writer has completed; short and not blocking
     */
    public Pipe(MemoryPool pool, PipeOptions options, Runnable onReadable) {
        this.pool = pool;
        this.options = options;
        this.onReadable = onReadable;
        this.reader = new PipeEndReader(this);
        this.writer = new PipeEndWriter(this, pool);
    }

    /**
     * Makes a pipe with {@link PipeOptions#DEFAULT}.
     *
     * @param pool where its memory comes from
     */
    public Pipe(MemoryPool pool) {
        this(pool, PipeOptions.DEFAULT);
    }

    /**
     * The end to read from.
     *
     * @return always the same reader
     */
    public PipeReader reader() {
        return reader;
    }

    /**
     * The end to write to.
     *
     * @return always the same writer
     */
    public PipeWriter writer() {
        return writer;
    }

    /**
     * Makes the pipe as good as new, for the next use.
     *
     * @throws IllegalStateException when one of the ends was not completed
     */
    public void reset() {
        lock.lock();
        try {
            if (!readerCompleted || !writerCompleted) {
                throw new IllegalStateException("Both ends must be completed before a reset");
            }
            examined = 0;
            unexamined = 0;
            paused = false;
            readCanceled = false;
            flushCanceled = false;
            readerCompleted = false;
            writerCompleted = false;
            readerError = null;
            writerError = null;
            reader.reset();
            writer.reset();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the reader has looked at everything and waits in {@link PipeReader#read()} for
     * more, or is completed. With it a test knows, without sleeping, that the other side is done
     * with what it was sent.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void awaitReaderIdle() throws InterruptedException {
        lock.lock();
        try {
            while (!readerCompleted
                    && (!readerWaiting
                            || readCanceled
                            || writerCompleted
                            || chain.length() > examined)) {
                readerIdle.await();
            }
        } finally {
            lock.unlock();
        }
    }

    // The reader's side.

    /**
     * Fills in what there is; false when there is nothing new and the caller does not want to wait.
     */
    boolean read(ReadResult result, boolean wait) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (readCanceled) {
                    readCanceled = false;
                    chain.show(result.buffer());
                    result.set(writerCompleted && writerError == null, true);
                    return true;
                }
                boolean news = chain.length() > examined;
                if (writerCompleted && writerError != null && !news) {
                    throw asIOException(writerError);
                }
                if (news || writerCompleted) {
                    chain.show(result.buffer());
                    result.set(writerCompleted && writerError == null, false);
                    return true;
                }
                if (!wait) {
                    return false;
                }
                readerWaiting = true;
                readerIdle.signalAll();
                try {
                    await(readable);
                } finally {
                    readerWaiting = false;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void advance(long consumedNow, long examinedNow) {
        lock.lock();
        try {
            // A byte counts as examined once, however often it is looked at again.
            long before = chain.length() - unexamined;
            unexamined -= Math.max(0, examinedNow - before);
            chain.consume(consumedNow, writing);
            examined = examinedNow - consumedNow;
            if (paused && unexamined < options.resumeWriterThreshold()) {
                paused = false;
                writable.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void cancelRead() {
        lock.lock();
        try {
            readCanceled = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void completeReader(@Nullable Throwable error) {
        lock.lock();
        try {
            readerCompleted = true;
            readerError = error;
            chain.clear(writing);
            unexamined = 0;
            examined = 0;
            paused = false;
            writable.signalAll();
            readerIdle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // The writer's side.

    /** Lends the writer the last block when it has room; the block stays in the chain meanwhile. */
    @Nullable MemoryBlock lendLast(int size) {
        lock.lock();
        try {
            MemoryBlock last = chain.last();
            if (last == null || last.capacity() - last.end < size) {
                return null;
            }
            writing = last;
            return last;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over what was written.
     *
     * @param lentEnd how far the block that {@link #lendLast} gave is filled now, or -1 when none
     *     was lent
     * @param first the first of the writer's own blocks
     * @param end the last of them
     * @param bytes how many bytes were written to both
     */
    void commit(int lentEnd, @Nullable MemoryBlock first, @Nullable MemoryBlock end, long bytes) {
        lock.lock();
        try {
            MemoryBlock lent = writing;
            writing = null;
            if (readerCompleted) {
                if (lent != null) {
                    lent.release();
                }
                PipeEndWriter.release(first);
                return;
            }
            long lentBytes = 0;
            if (lent != null) {
                lentBytes = lentEnd - lent.end;
                chain.grow(lent, lentEnd);
            }
            if (first != null && end != null) {
                chain.append(first, end, bytes - lentBytes);
            }
            if (chain.length() == 0) {
                chain.clear(null);
            }
            unexamined += bytes;
            if (bytes > 0) {
                readable.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (bytes > 0) {
            onReadable.run();
        }
    }

    /** Waits while the reader has too much. */
    FlushResult awaitReader() throws IOException {
        lock.lock();
        try {
            long pause = options.pauseWriterThreshold();
            paused = pause > 0 && unexamined >= pause && !readerCompleted;
            while (true) {
                if (flushCanceled) {
                    flushCanceled = false;
                    return FlushResult.CANCELED;
                }
                if (readerCompleted) {
                    if (readerError != null) {
                        throw asIOException(readerError);
                    }
                    return FlushResult.COMPLETED;
                }
                if (!paused) {
                    return FlushResult.CONTINUE;
                }
                await(writable);
            }
        } finally {
            paused = false;
            lock.unlock();
        }
    }

    void cancelFlush() {
        lock.lock();
        try {
            flushCanceled = true;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void completeWriter(@Nullable Throwable error) {
        lock.lock();
        try {
            writerCompleted = true;
            writerError = error;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        onReadable.run();
    }

    private static void await(Condition condition) throws InterruptedIOException {
        try {
            condition.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "The thread was interrupted while it waited on a pipe");
        }
    }

    /**
     * Lets the reader see what the writer failed with: the same exception when it is one of I/O.
     */
    private static IOException asIOException(Throwable error) {
        return error instanceof IOException io
                ? io
                : new IOException(String.valueOf(error.getMessage()), error);
    }

    @Override
    public String toString() {
        return "Pipe[" + pool.blockSize() + "]";
    }
}
