package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One direction of a connection: what a socket's send buffer, the network and the receive buffer
 * are together. Bytes, then either an end (FIN) or a failure (reset). One thread reads, one writes;
 * everything else may be called by any.
 *
 * <p>It knows when its reader has taken everything and waits for more. Whoever wakes the reader
 * takes that knowledge back under the same lock, so that "the reader is waiting" is never a thing
 * of the past.
 */
final class MemoryStream {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int capacity;

    private byte[] bytes = new byte[1024];
    private int from;
    private int to;
    private boolean finished;
    private boolean dropped;
    private boolean readerWaiting;
    private boolean writerWaiting;
    private boolean cancelled;
    private boolean overtaken;
    private boolean awakened;
    private @Nullable Runnable resting;
    private long writes;
    private @Nullable IOException readFailure;
    private @Nullable IOException writeFailure;

    /** A stream whose writer waits while {@code capacity} bytes or more are unread. */
    MemoryStream(int capacity) {
        this.capacity = capacity;
    }

    /** Writes buffers as one write; waits while the stream is full. */
    void write(ByteBuffer[] buffers, int count) throws IOException {
        lock.lock();
        try {
            writes++;
            for (int i = 0; i < count; i++) {
                put(buffers[i]);
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            awaitRoom();
            if (dropped) {
                source.position(source.limit());
                return;
            }
            int count = Math.min(source.remaining(), capacity - (to - from));
            makeRoom(count);
            source.get(bytes, to, count);
            to += count;
            wakeReader();
        }
        throwIfFailed(writeFailure);
    }

    private void awaitRoom() throws IOException {
        while (true) {
            throwIfFailed(writeFailure);
            if (finished) {
                throw new IOException("The stream was ended before");
            }
            if (dropped || to - from < capacity) {
                return;
            }
            writerWaiting = true;
            changed.signalAll();
            try {
                changed.awaitUninterruptibly();
            } finally {
                writerWaiting = false;
            }
        }
    }

    private void makeRoom(int count) {
        if (bytes.length - to >= count) {
            return;
        }
        int length = to - from;
        byte[] target = bytes;
        if (bytes.length < length + count) {
            target = new byte[Math.max(bytes.length * 2, length + count)];
        }
        System.arraycopy(bytes, from, target, 0, length);
        bytes = target;
        from = 0;
        to = length;
    }

    /** Waits for bytes and takes them; -1 at the end and after {@link #cancel}. */
    int read(ByteBuffer target) throws IOException {
        lock.lock();
        try {
            while (from == to) {
                throwIfFailed(readFailure);
                if (finished || cancelled) {
                    return -1;
                }
                readerWaiting = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            if (overtaken) {
                throwIfFailed(readFailure);
            }
            return take(target);
        } finally {
            readerWaiting = false;
            lock.unlock();
        }
    }

    /** As {@link #read}, but gives up after a time: -2. */
    int read(ByteBuffer target, long nanos) throws IOException {
        lock.lock();
        try {
            long left = nanos;
            while (from == to) {
                throwIfFailed(readFailure);
                if (finished) {
                    return -1;
                }
                if (left <= 0) {
                    return -2;
                }
                left = changed.awaitNanos(left);
            }
            if (overtaken) {
                throwIfFailed(readFailure);
            }
            return take(target);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to read, or {@link #wake} was called. */
    void awaitInput() {
        lock.lock();
        try {
            while (!hasNews() && !awakened) {
                readerWaiting = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            awakened = false;
        } finally {
            readerWaiting = false;
            lock.unlock();
        }
    }

    /** Ends {@link #awaitInput}, or the next one. */
    void wake() {
        change(() -> awakened = true);
    }

    /** The reader has no thread until there is something to read: then the task is run on one. */
    void rest(Runnable task) {
        lock.lock();
        try {
            resting = task;
            if (hasNews()) {
                wakeReader();
            } else {
                readerWaiting = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a read would not wait. */
    boolean hasInput() {
        lock.lock();
        try {
            return hasNews();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNews() {
        return from != to || finished || cancelled || readFailure != null;
    }

    private int take(ByteBuffer target) {
        int count = Math.min(target.remaining(), to - from);
        target.put(bytes, from, count);
        from += count;
        if (from == to) {
            from = 0;
            to = 0;
        }
        changed.signalAll();
        return count;
    }

    int available() {
        lock.lock();
        try {
            return to - from;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream after the bytes that it has. */
    void finish() {
        change(() -> finished = true);
    }

    /** Nobody reads any more: what is there and what will come is dropped. */
    void drop() {
        change(
                () -> {
                    dropped = true;
                    from = 0;
                    to = 0;
                });
    }

    /** Wakes the reader for good, as when a socket's input is shut down. */
    void cancel() {
        change(() -> cancelled = true);
    }

    /**
     * Breaks the stream; the first failure counts.
     *
     * @param forWriter {@code null} when the writer does not notice
     * @param atOnce whether the reader does not even get what was sent before: it is the reader
     *     itself that breaks off
     */
    void fail(IOException forReader, @Nullable IOException forWriter, boolean atOnce) {
        change(
                () -> {
                    if (readFailure == null) {
                        readFailure = forReader;
                        writeFailure = forWriter;
                        overtaken = atOnce;
                    }
                });
    }

    private void change(Runnable action) {
        lock.lock();
        try {
            action.run();
            wakeReader();
        } finally {
            lock.unlock();
        }
    }

    private void wakeReader() {
        readerWaiting = false;
        changed.signalAll();
        Runnable task = resting;
        if (task != null) {
            resting = null;
            Thread.ofVirtual().start(task);
        }
    }

    private static void throwIfFailed(@Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** How many times something was written. */
    long writes() {
        lock.lock();
        try {
            return writes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing can come any more: finished or failed. */
    boolean isOver() {
        lock.lock();
        try {
            return finished || readFailure != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the reader has taken everything and waits for more, or the stream is broken or
     * dropped.
     */
    boolean awaitReaderWaiting(long nanos) throws InterruptedException {
        return await(nanos, () -> (readerWaiting && from == to) || readFailure != null || dropped);
    }

    /** Waits until the reader waits without a thread, or will not do so any more. */
    boolean awaitReaderResting(long nanos) throws InterruptedException {
        return await(nanos, () -> resting != null || readFailure != null || dropped);
    }

    /** Whether the reader has no thread. */
    boolean isReaderResting() {
        lock.lock();
        try {
            return resting != null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the stream is full and its writer waits, or nothing can come any more. */
    boolean awaitWriterWaiting(long nanos) throws InterruptedException {
        return await(
                nanos,
                () -> (writerWaiting && to - from >= capacity) || writeFailure != null || finished);
    }

    private boolean await(long nanos, BooleanSupplier state) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!state.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
