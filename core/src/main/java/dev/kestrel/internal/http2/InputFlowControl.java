package dev.kestrel.internal.http2;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the peer may still send: one window, of the connection or of a stream (RFC 9113 section
 * 5.2). Bytes are taken from it by the frame loop when they come and released by whoever is done
 * with them, on any thread. The peer is told of released bytes once they are half of the window, so
 * that many small reads make few WINDOW_UPDATE frames.
 *
 * <p>What a window holds at any time is {@code window = available + pending + unread}: what the
 * peer may send, what was released and not announced, and what nobody has released. The first two
 * and whether the window was {@linkplain #stop() stopped} change together, in one atomic word; the
 * third follows from them. So of a byte that is released on one thread while another stops the
 * window exactly one of the two takes account.
 */
final class InputFlowControl {

    /** What {@link #release} says of a stopped window: {@link #stop} has given those bytes back. */
    static final int STOPPED = -1;

    private static final long STOPPED_BIT = 1L << 31;
    private static final long PENDING_BITS = STOPPED_BIT - 1;

    private final AtomicLong state = new AtomicLong();
    private int window;

    /**
     * Makes a window of which nothing is used.
     *
     * @param window its size, from 0 to 2^31-1
     */
    InputFlowControl(int window) {
        reset(window);
    }

    /** Makes it as good as new, when no other thread knows it. */
    void reset(int newWindow) {
        window = newWindow;
        state.set(pack(newWindow, 0, 0));
    }

    /**
     * Takes bytes that came, padding included. On the frame loop.
     *
     * @return false, and nothing is taken, when the peer sent more than it may, or when the window
     *     is stopped
     */
    boolean tryReceive(int bytes) {
        while (true) {
            long now = state.get();
            if (isStopped(now) || available(now) < bytes) {
                return false;
            }
            long next = pack(available(now) - bytes, pending(now), 0);
            if (state.compareAndSet(now, next)) {
                return true;
            }
        }
    }

    /**
     * Gives bytes back that were read or dropped. From any thread.
     *
     * @return the increment to send to the peer now; 0 when it is too early for that, or {@link
     *     #STOPPED}
     */
    int release(int bytes) {
        while (true) {
            long now = state.get();
            if (isStopped(now)) {
                return STOPPED;
            }
            int released = pending(now) + bytes;
            boolean announce = released > 0 && released >= window / 2;
            long next =
                    announce
                            ? pack(available(now) + released, 0, 0)
                            : pack(available(now), released, 0);
            if (state.compareAndSet(now, next)) {
                return announce ? released : 0;
            }
        }
    }

    /** Whether less than half of the window is left for the peer: this side holds it up. */
    boolean isLow() {
        return available(state.get()) < window / 2;
    }

    /** Whether {@link #stop()} was called. */
    boolean isStopped() {
        return isStopped(state.get());
    }

    /**
     * Ends the window of a stream of which nobody will read any more. Nothing can be taken from it
     * or released to it after that. From any thread.
     *
     * @return how many bytes came and were not released: the caller owes them to the connection's
     *     window, and nobody else does; 0 when the window was stopped before
     */
    int stop() {
        while (true) {
            long now = state.get();
            if (isStopped(now)) {
                return 0;
            }
            if (state.compareAndSet(now, pack(0, 0, STOPPED_BIT))) {
                return window - available(now) - pending(now);
            }
        }
    }

    private static long pack(int available, int pending, long stopped) {
        return (long) available << 32 | stopped | pending;
    }

    private static int available(long word) {
        return (int) (word >>> 32);
    }

    private static int pending(long word) {
        return (int) (word & PENDING_BITS);
    }

    private static boolean isStopped(long word) {
        return (word & STOPPED_BIT) != 0;
    }

    @Override
    public String toString() {
        long now = state.get();
        return "InputFlowControl["
                + (isStopped(now) ? "stopped" : available(now) + "+" + pending(now))
                + " of "
                + window
                + "]";
    }
}
