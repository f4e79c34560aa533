package dev.kestrel.internal.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at a time. A test on a whole word marks the high bit of every byte that it
 * is true for; a borrow can mark a byte above a true one wrongly, but never below, so the lowest
 * mark is always right.
 */
final class ByteScan {

    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SPACES = 0x20 * ONES;
    private static final long DELETES = 0x7f * ONES;

    private ByteScan() {}

    /** Finds a byte in {@code [from, to)}; -1 when it is not there. */
    static int indexOf(byte[] array, int from, int to, byte value) {
        long wanted = (value & 0xff) * ONES;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long marks = zeros((long) WORDS.get(array, at) ^ wanted);
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (array[at] == value) {
                return at;
            }
        }
        return -1;
    }

    /**
     * Finds the first byte in {@code [from, to)} that is neither a space nor visible ASCII; {@code
     * to} when there is none.
     */
    static int endOfPlainText(byte[] array, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = (long) WORDS.get(array, at);
            long controls = (word - SPACES) & ~word;
            long marks = (controls | word) & HIGH_BITS | zeros(word ^ DELETES);
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        while (at < to && array[at] >= ' ' && array[at] != 0x7f) {
            at++;
        }
        return at;
    }

    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }
}
