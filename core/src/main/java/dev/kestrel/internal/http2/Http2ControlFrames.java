package dev.kestrel.internal.http2;

import dev.kestrel.pipelines.PipeWriter;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames that go out before all others and wait for no window. Any thread appends them, already
 * encoded, and {@linkplain Http2FrameWriter#wake wakes} the writer, once for all that it appended;
 * the frame writer drains them.
 */
final class Http2ControlFrames {

    /** The length of a frame's head (RFC 9113 section 4.1). */
    static final int FRAME_HEAD = 9;

    private static final int INITIAL = 256;
    private static final int KEPT = 16 * 1024;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger queuedReplies = new AtomicInteger();

    // Guarded by the lock.
    private byte[] filling = new byte[INITIAL];
    private int filled;
    private int replies;
    private int acknowledged;

    /** Has {@link #filled}, for whoever looks without the lock. */
    private volatile boolean pending;

    // The writer's.
    private byte[] draining = new byte[INITIAL];
    private int drainedReplies;

    /** The server's settings: pairs of identifier and value (section 6.5.1). */
    void settings(long... pairs) {
        lock.lock();
        try {
            int length = pairs.length / 2 * 6;
            head(length, Http2FrameType.SETTINGS, Http2Flags.NONE, 0);
            for (int i = 0; i < pairs.length; i += 2) {
                put16((int) pairs[i]);
                put32(pairs[i + 1]);
            }
            pending = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Acknowledges SETTINGS. What {@link Http2FrameWriter#peerSettings} said before this holds for
     * the frames behind it.
     */
    void settingsAck() {
        lock.lock();
        try {
            head(0, Http2FrameType.SETTINGS, Http2Flags.ACK, 0);
            acknowledged++;
            reply();
        } finally {
            lock.unlock();
        }
    }

    /** A PING, or the answer to one, which has its octets. */
    void ping(boolean ack, long opaque) {
        lock.lock();
        try {
            head(8, Http2FrameType.PING, ack ? Http2Flags.ACK : Http2Flags.NONE, 0);
            put32(opaque >>> 32);
            put32(opaque);
            if (ack) {
                reply();
            }
            pending = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a stream of which nothing is queued. */
    void rstStream(int streamId, long code) {
        lock.lock();
        try {
            head(4, Http2FrameType.RST_STREAM, Http2Flags.NONE, streamId);
            put32(code);
            reply();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the client send more, on a stream or, with 0, on the connection. */
    void windowUpdate(int streamId, int increment) {
        lock.lock();
        try {
            head(4, Http2FrameType.WINDOW_UPDATE, Http2Flags.NONE, streamId);
            put32(increment);
            pending = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A GOAWAY after which the connection goes on; the last one is {@link
     * Http2FrameWriter#finish}'s.
     */
    void goAway(int lastStream, Http2ErrorCode code) {
        lock.lock();
        try {
            head(8, Http2FrameType.GOAWAY, Http2Flags.NONE, 0);
            put32(lastStream);
            put32(code.code());
            pending = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many answers to the client's frames (acknowledgements, resets) wait to be sent. From any
     * thread.
     */
    int queuedReplies() {
        return queuedReplies.get();
    }

    /** Whether there are frames to drain. From any thread. */
    boolean isPending() {
        return pending;
    }

    /**
     * Copies all frames into the transport's buffer. On the writer's thread.
     *
     * @return how many of them acknowledge SETTINGS
     */
    int drainTo(PipeWriter output) {
        byte[] frames;
        int count;
        int acks;
        lock.lock();
        try {
            frames = filling;
            count = filled;
            acks = acknowledged;
            drainedReplies += replies;
            filling = draining;
            filled = 0;
            replies = 0;
            acknowledged = 0;
            pending = false;
        } finally {
            lock.unlock();
        }
        output.write(frames, 0, count);
        draining = frames.length > KEPT ? new byte[INITIAL] : frames;
        return acks;
    }

    /** What was drained has left, or was dropped. On the writer's thread. */
    void flushed() {
        if (drainedReplies > 0) {
            queuedReplies.addAndGet(-drainedReplies);
            drainedReplies = 0;
        }
    }

    /** Drops all frames. On the writer's thread. */
    void discard() {
        lock.lock();
        try {
            drainedReplies += replies;
            filled = 0;
            replies = 0;
            acknowledged = 0;
            pending = false;
        } finally {
            lock.unlock();
        }
        flushed();
    }

    private void reply() {
        replies++;
        queuedReplies.incrementAndGet();
        pending = true;
    }

    private void head(int length, int type, int flags, int streamId) {
        ensure(FRAME_HEAD + length);
        filled = putHead(filling, filled, length, type, flags, streamId);
    }

    /** Writes the head of a frame into an array, and says where it ends. */
    static int putHead(byte[] array, int at, int length, int type, int flags, int streamId) {
        array[at] = (byte) (length >>> 16);
        array[at + 1] = (byte) (length >>> 8);
        array[at + 2] = (byte) length;
        array[at + 3] = (byte) type;
        array[at + 4] = (byte) flags;
        array[at + 5] = (byte) (streamId >>> 24);
        array[at + 6] = (byte) (streamId >>> 16);
        array[at + 7] = (byte) (streamId >>> 8);
        array[at + 8] = (byte) streamId;
        return at + FRAME_HEAD;
    }

    private void ensure(int more) {
        if (filling.length - filled < more) {
            filling = Arrays.copyOf(filling, Math.max(filling.length * 2, filled + more));
        }
    }

    private void put16(int value) {
        filling[filled++] = (byte) (value >>> 8);
        filling[filled++] = (byte) value;
    }

    private void put32(long value) {
        put16((int) (value >>> 16));
        put16((int) value);
    }
}
