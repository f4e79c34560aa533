package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Memory for records, for as long as they are worked on: connections that wait hold none. It is
 * that which the engine works with best: arrays, or memory outside of the heap. Of what has room
 * for many records there is a bounded number, so that clients that read slowly can not hold more
 * than that. Safe for use by any thread.
 */
final class TlsBufferPool {

    /** The largest record (RFC 8446 section 5.2, RFC 5246 section 6.2.3), and some room. */
    static final int SIZE = 5 + 16 * 1024 + 2048 + 64;

    /** As much as a transport sends at once at most. */
    static final int LARGE = 256 * 1024;

    private static final int KEPT = 64;
    private static final int LARGE_KEPT = 8;
    private static final int LARGE_MOST = 256;

    /** The large ones may take this part of the memory for the heap. */
    private static final int PART_OF_HEAP = 32;

    private final boolean direct;
    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);
    private final ArrayBlockingQueue<ByteBuffer> freeLarge = new ArrayBlockingQueue<>(LARGE_KEPT);
    private final Semaphore large;

    /**
     * Makes a pool of arrays, or of memory outside of the heap.
     *
     * @param direct outside of the heap
     * @param heap how large the heap may become, in bytes
     */
    TlsBufferPool(boolean direct, long heap) {
        this.direct = direct;
        large = new Semaphore(Math.clamp(heap / PART_OF_HEAP / LARGE, 1, LARGE_MOST));
    }

    /** Whether what it lends is outside of the heap. */
    boolean isDirect() {
        return direct;
    }

    /** Room for a record. */
    ByteBuffer rent() {
        ByteBuffer buffer = free.poll();
        return buffer != null ? buffer.clear() : allocate(SIZE);
    }

    /** Room for many records, when there is any. */
    @Nullable ByteBuffer tryRentLarge() {
        if (!large.tryAcquire()) {
            return null;
        }
        ByteBuffer buffer = freeLarge.poll();
        return buffer != null ? buffer.clear() : allocate(LARGE);
    }

    /** Memory of a size that nobody keeps. */
    ByteBuffer allocate(int size) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    /** Nobody uses it after that. What is in it may be seen by another connection's work. */
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == SIZE) {
            free.offer(buffer);
        } else if (buffer.capacity() == LARGE) {
            freeLarge.offer(buffer);
            large.release();
        }
    }
}
