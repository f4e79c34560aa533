package dev.kestrel.internal.http2;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What the client's SETTINGS say about the frames that it is sent, on the way from the frame loop
 * to the writer's thread. Of the table's sizes the smallest counts as well as the last (RFC 7541
 * section 4.2).
 */
final class Http2PeerSettings {

    private final ReentrantLock lock = new ReentrantLock();
    private int frameSize;
    private int smallestTable = Integer.MAX_VALUE;
    private int lastTable;

    void set(int maxFrameSize, int tableSize) {
        lock.lock();
        try {
            frameSize = maxFrameSize;
            smallestTable = Math.min(smallestTable, tableSize);
            lastTable = tableSize;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands over what was set since the last time.
     *
     * @return how long a frame may be, or 0 when nothing was set
     */
    int applyTo(Http2HeaderFrames headers) {
        lock.lock();
        try {
            if (smallestTable == Integer.MAX_VALUE) {
                return 0;
            }
            headers.tableSize(smallestTable, lastTable);
            smallestTable = Integer.MAX_VALUE;
            return frameSize;
        } finally {
            lock.unlock();
        }
    }
}
