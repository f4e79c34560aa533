package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Streams that have finished and wait for their next use, the last one first; those that nobody
 * used for five seconds go (the original's {@code PooledStreamStack}). Belongs to whoever holds the
 * connection's loop.
 */
final class Http2StreamPool {

    private static final int MOST = 100;
    private static final int BEATS_TO_LIVE = 5;

    private final Deque<Http2Stream> stack = new ArrayDeque<>(4);
    private long beat;

    @Nullable Http2Stream poll() {
        return stack.pollFirst();
    }

    void push(Http2Stream stream) {
        if (stack.size() < MOST) {
            stream.pooledAt = beat;
            stack.addFirst(stream);
        }
    }

    /** A beat of the heart. */
    void tick() {
        beat++;
        for (Http2Stream oldest = stack.peekLast();
                oldest != null && oldest.pooledAt + BEATS_TO_LIVE < beat;
                oldest = stack.peekLast()) {
            stack.pollLast();
        }
    }

    int size() {
        return stack.size();
    }
}
