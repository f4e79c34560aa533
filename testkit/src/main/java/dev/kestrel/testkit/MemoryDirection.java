package dev.kestrel.testkit;

import dev.kestrel.connections.StreamResetException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One direction of a stream: bytes, and then an end, a reset by who sends, a wish to stop by who
 * receives, or the end of the connection; the first of them counts. Safe for use by any thread.
 */
final class MemoryDirection {

    /** No code was sent. */
    static final long NONE = -1;

    private final MemoryStream bytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean finished;
    private boolean broken;
    private boolean endRead;
    private long resetCode = NONE;
    private long stopCode = NONE;

    MemoryDirection(int capacity) {
        bytes = new MemoryStream(capacity);
    }

    /** A direction that a stream does not have. */
    static MemoryDirection none() {
        MemoryDirection direction = new MemoryDirection(1);
        direction.finish();
        direction.endRead = true;
        return direction;
    }

    MemoryStream bytes() {
        return bytes;
    }

    /** Reads on the server's side. */
    int read(ByteBuffer target) throws IOException {
        int count = bytes.read(target);
        if (count < 0) {
            lock.lock();
            try {
                endRead = finished;
            } finally {
                lock.unlock();
            }
        }
        return count;
    }

    /** The end, after the bytes that were sent; true when it is the first. */
    boolean finish() {
        return change(
                () -> {
                    finished = true;
                    bytes.finish();
                });
    }

    /** RESET_STREAM; true when nothing has ended the direction before. */
    boolean reset(long code, IOException forSender, IOException forReceiver, boolean atOnce) {
        return change(
                () -> {
                    broken = true;
                    resetCode = code;
                    bytes.fail(forReceiver, forSender, atOnce);
                });
    }

    /** STOP_SENDING to the server, which resets at once as RFC 9000 section 3.5 asks. */
    boolean stopServer(long code) {
        StreamResetException forServer =
                new StreamResetException("The client has asked to stop sending", code, true);
        StreamResetException forClient =
                new StreamResetException("The server was asked to stop sending", code, false);
        return reset(code, forServer, forClient, true);
    }

    /**
     * STOP_SENDING to the client, which may go on sending into nothing. When everything has come
     * already the client is not told.
     */
    boolean stopClient(long code, IOException forServer) {
        lock.lock();
        try {
            if (endRead || broken) {
                return false;
            }
            broken = true;
            if (!finished) {
                stopCode = code;
            }
            bytes.fail(forServer, null, true);
            bytes.drop();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The connection has ended: the server can not even read what has come. */
    void failToServer(IOException forServer, IOException forClient) {
        lock.lock();
        try {
            if (!broken) {
                broken = true;
                bytes.fail(forServer, forClient, true);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection has ended: the client can still read what was sent. */
    void failToClient(IOException forServer, IOException forClient) {
        change(
                () -> {
                    broken = true;
                    bytes.fail(forClient, forServer, false);
                });
    }

    private boolean change(Runnable action) {
        lock.lock();
        try {
            if (finished || broken) {
                return false;
            }
            action.run();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing more can come. */
    boolean isOver() {
        lock.lock();
        try {
            return finished || broken;
        } finally {
            lock.unlock();
        }
    }

    /** The code of RESET_STREAM, waited for; {@link #NONE} when there was none in time. */
    long awaitReset(long nanos) {
        return await(nanos, () -> resetCode != NONE || finished || broken) ? resetCode : NONE;
    }

    /** The code of STOP_SENDING, waited for; {@link #NONE} when there was none in time. */
    long awaitStop(long nanos) {
        return await(nanos, () -> stopCode != NONE || finished || broken) ? stopCode : NONE;
    }

    /** The code of STOP_SENDING, or {@link #NONE}. */
    long stopCode() {
        lock.lock();
        try {
            return stopCode;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long nanos, BooleanSupplier state) {
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        } finally {
            lock.unlock();
        }
    }
}
