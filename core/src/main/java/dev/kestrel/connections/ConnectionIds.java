package dev.kestrel.connections;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes names for connections: thirteen characters, unique in this process, and as good as unique
 * across restarts.
 */
public final class ConnectionIds {

    private static final char[] DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV".toCharArray();
    private static final int LENGTH = 13;

    /** Starts at the time in units of 100 ns, so that names of an earlier run do not come again. */
    private static final AtomicLong LAST = new AtomicLong(System.currentTimeMillis() * 10_000);

    private ConnectionIds() {}

    /**
     * Makes a name. May be called from any thread.
     *
     * @return thirteen digits and capital letters
     */
    public static String next() {
        return format(nextNumber());
    }

    /**
     * Makes the number of a name, for who does not need the text yet, or not all the time.
     *
     * @return a number that has not been given out
     */
    public static long nextNumber() {
        return LAST.incrementAndGet();
    }

    /**
     * The name of a number.
     *
     * @param id what {@link #nextNumber()} gave
     * @return thirteen digits and capital letters
     */
    public static String format(long id) {
        char[] text = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            text[i] = DIGITS[(int) (id >>> (5 * (LENGTH - 1 - i))) & 31];
        }
        return new String(text);
    }
}
