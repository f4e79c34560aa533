package dev.kestrel.internal.http2;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many bytes of DATA the client still takes, on a stream or on the connection (RFC 9113 section
 * 5.2). The frame loop increases it, only the frame writer consumes. It may be negative: SETTINGS
 * can take back what was granted (section 6.9.2).
 */
final class OutputWindow {

    private final AtomicInteger size;

    OutputWindow(int initial) {
        size = new AtomicInteger(initial);
    }

    /** Starts over. */
    void reset(int initial) {
        size.set(initial);
    }

    /**
     * The client takes more.
     *
     * @param increment more than zero
     * @return false, and nothing is changed, when the window would pass 2^31-1 (section 6.9.1)
     */
    boolean increase(int increment) {
        return shift(increment);
    }

    /**
     * The client has changed SETTINGS_INITIAL_WINDOW_SIZE.
     *
     * @param delta new size less old size
     * @return false, and nothing is changed, when the window would pass 2^31-1
     */
    boolean shift(int delta) {
        while (true) {
            int before = size.get();
            long after = (long) before + delta;
            if (after > Integer.MAX_VALUE) {
                return false;
            }
            if (size.compareAndSet(before, (int) after)) {
                return true;
            }
        }
    }

    /** Whether it stays below 2^31 with so much more. Meanwhile it may only be consumed. */
    boolean fits(int delta) {
        return (long) size.get() + delta <= Integer.MAX_VALUE;
    }

    /** How much may be sent; zero or less when nothing may. */
    int available() {
        return size.get();
    }

    /** Bytes are sent, at most {@link #available()}. */
    void consume(int count) {
        size.addAndGet(-count);
    }
}
