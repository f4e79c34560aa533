package dev.kestrel.internal.tls;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays with room for a record, for as long as one is worked on: connections that wait hold none.
 * Keeps a bounded number. Safe for use by any thread.
 */
final class TlsBufferPool {

    /** The largest record (RFC 8446 section 5.2, RFC 5246 section 6.2.3), and some room. */
    static final int SIZE = 5 + 16 * 1024 + 2048 + 64;

    private static final int KEPT = 64;

    private final ArrayBlockingQueue<byte[]> free = new ArrayBlockingQueue<>(KEPT);

    byte[] rent() {
        byte[] buffer = free.poll();
        return buffer != null ? buffer : new byte[SIZE];
    }

    /** Nobody uses the array after that. What is in it may be seen by another connection's work. */
    void giveBack(byte[] buffer) {
        free.offer(buffer);
    }
}
