package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whose turn it is to read from a source, and the thread that does so in the reader's place.
 *
 * <pre>
 *         reader reads               start()
 *   FREE --------------> DIRECT ------------------> DIRECT_THEN_AHEAD
 *    |  <--------------         <------------------        |
 *    |    reader is done             stop()                | reader is done: the thread starts
 *    |                                                     v
 *    +--------------------- start() -------------------> AHEAD
 *       <-- stop(), the thread has ended and the reader has taken all that it brought --
 * </pre>
 *
 * <p>The thread waits on memory of its own, so that it has no block of the pool while it is blocked
 * for long.
 */
final class ReadAhead {

    private static final int FREE = 0;
    private static final int DIRECT = 1;
    private static final int DIRECT_THEN_AHEAD = 2;
    private static final int AHEAD = 3;

    private final MemoryPool pool;
    private final ByteSource source;
    private final int idleSize;
    private final int limit;
    private final SourcePipeReader.EndListener endListener;

    /** Changes from and to {@code AHEAD} under the lock only. */
    private final AtomicInteger turn = new AtomicInteger(FREE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final BlockChain inbox = new BlockChain();
    private boolean running;
    private boolean stopping;
    private boolean canceled;
    private boolean wakeReader;
    private boolean closed;
    private boolean told;
    private boolean ended;
    private @Nullable IOException failure;

    ReadAhead(
            MemoryPool pool,
            ByteSource source,
            int idleSize,
            int limit,
            SourcePipeReader.EndListener endListener) {
        this.pool = pool;
        this.source = source;
        this.idleSize = idleSize;
        this.limit = limit;
        this.endListener = endListener;
    }

    // What the reader calls.

    /** Whether what comes is to be had by {@link #take}. */
    boolean isActive() {
        return turn.get() == AHEAD;
    }

    /** Takes the turn for the reader itself; false when the thread has it. */
    boolean beginDirect() {
        if (turn.compareAndSet(FREE, DIRECT)) {
            return true;
        }
        if (turn.get() == DIRECT) {
            throw new IllegalStateException("Another thread is reading");
        }
        return false;
    }

    void endDirect() {
        if (turn.compareAndSet(DIRECT, FREE)) {
            return;
        }
        lock.lock();
        try {
            // Either still DIRECT_THEN_AHEAD, or stop() has just taken that back.
            boolean wanted = turn.get() == DIRECT_THEN_AHEAD && !ended && !closed;
            turn.set(wanted ? AHEAD : FREE);
            if (wanted) {
                spawn();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves what the thread brought to the chain. Returns at once when there is something, or there
     * will be nothing.
     */
    void take(BlockChain chain, boolean wait) throws InterruptedIOException {
        lock.lock();
        try {
            while (true) {
                if (inbox.length() > 0) {
                    chain.take(inbox);
                    changed.signalAll();
                    return;
                }
                if (ended || wakeReader) {
                    wakeReader = false;
                    return;
                }
                if (!running) {
                    turn.set(FREE);
                    return;
                }
                if (!wait) {
                    return;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "The thread was interrupted while it waited for bytes");
        } finally {
            lock.unlock();
        }
    }

    /** Whether the source has no more, and everything that it had was taken. */
    boolean isExhausted() {
        lock.lock();
        try {
            return ended && inbox.length() == 0;
        } finally {
            lock.unlock();
        }
    }

    @Nullable IOException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The source has no more, as whoever read from it found. The first to say so tells the
     * listener, before the reader can know.
     */
    void end(@Nullable IOException error) {
        if (firstToTell()) {
            endListener.inputEnded(error);
        }
        lock.lock();
        try {
            ended = true;
            failure = error;
            running = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean firstToTell() {
        lock.lock();
        try {
            boolean first = !told && !canceled;
            told = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    void cancel() {
        lock.lock();
        try {
            canceled = true;
            wakeReader = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            inbox.clear(null);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // What anyone calls.

    void start() {
        lock.lock();
        try {
            if (ended || closed) {
                return;
            }
            stopping = false;
            while (true) {
                if (turn.get() == AHEAD) {
                    if (!running) {
                        spawn();
                    }
                    return;
                }
                if (turn.compareAndSet(FREE, AHEAD)) {
                    spawn();
                    return;
                }
                if (turn.compareAndSet(DIRECT, DIRECT_THEN_AHEAD)
                        || turn.get() == DIRECT_THEN_AHEAD) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            turn.compareAndSet(DIRECT_THEN_AHEAD, DIRECT);
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // The thread.

    private void spawn() {
        running = true;
        Thread.ofVirtual()
                .name("kestrel-read-ahead")
                .inheritInheritableThreadLocals(false)
                .start(this::run);
    }

    private void run() {
        try {
            MemoryBlock own = new MemoryBlock(null, new byte[idleSize]);
            boolean grown = false;
            while (awaitRoom()) {
                MemoryBlock block = grown && source.available() > 0 ? pool.rent() : own;
                int count = readInto(block);
                if (count < 0) {
                    end(null);
                    return;
                }
                grown = count >= idleSize;
                deliver(block, own);
            }
        } catch (IOException e) {
            end(e);
        } catch (RuntimeException
                | Error e) { // No memory, say: the reader must not wait for a thread that is gone.
            end(new IOException("Reading ahead failed", e));
        }
    }

    /** Waits while the reader has enough; false when the thread is to end. */
    private boolean awaitRoom() throws IOException {
        lock.lock();
        try {
            while (true) {
                if (stopping || closed || ended) {
                    running = false;
                    changed.signalAll();
                    return false;
                }
                if (inbox.length() < limit) {
                    return true;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("Reading ahead was interrupted");
        } finally {
            lock.unlock();
        }
    }

    private int readInto(MemoryBlock block) throws IOException {
        block.start = 0;
        block.end = 0;
        int count = -1;
        try {
            count = source.read(block.free());
            block.end = Math.max(0, count);
        } finally {
            if (count < 0) {
                block.release();
            }
        }
        return count;
    }

    private void deliver(MemoryBlock block, MemoryBlock own) {
        lock.lock();
        try {
            if (closed) {
                block.release();
            } else if (block == own) {
                copyToInbox(own);
            } else {
                inbox.append(block);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void copyToInbox(MemoryBlock from) {
        while (from.length() > 0) {
            MemoryBlock last = inbox.last();
            if (last == null || last.end == last.capacity()) {
                last = pool.rent();
                inbox.append(last);
            }
            int count = Math.min(from.length(), last.capacity() - last.end);
            System.arraycopy(from.array(), from.start, last.array(), last.end, count);
            inbox.grow(last, last.end + count);
            from.start += count;
        }
    }
}
