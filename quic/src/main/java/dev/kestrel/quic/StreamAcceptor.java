package dev.kestrel.quic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams that a client has opened and nobody has accepted yet: the loop adds, the thread of
 * the connection waits. There are no more than the client may open at a time.
 */
final class StreamAcceptor {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<QuicStream> waiting = new ArrayDeque<>();
    private boolean ended;
    private @Nullable IOException failure;

    void add(QuicStream stream) {
        lock.lock();
        try {
            waiting.add(stream);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits, for good. Streams that nobody has accepted are closed. */
    void end(@Nullable IOException reason) {
        lock.lock();
        try {
            ended = true;
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (QuicStream stream = waiting(); stream != null; stream = waiting()) {
            stream.close();
        }
    }

    private @Nullable QuicStream waiting() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    @Nullable QuicStream accept() throws IOException {
        lock.lock();
        try {
            while (true) {
                if (failure != null) {
                    throw failure;
                }
                if (ended) {
                    return null;
                }
                QuicStream stream = waiting.poll();
                if (stream != null) {
                    return stream;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "The thread was interrupted while it waited for a stream");
        } finally {
            lock.unlock();
        }
    }
}
