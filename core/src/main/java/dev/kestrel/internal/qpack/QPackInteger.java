package dev.kestrel.internal.qpack;

/**
 * Integers with a prefix (RFC 9204 section 4.1.1), from zero to 2^62-1. An object of it is the last
 * one read; the ways to write have no state.
 */
final class QPackInteger {

    /** What {@link #read} answers when more octets are needed. */
    static final int INCOMPLETE = -1;

    /** What {@link #read} answers when it is over 2^62-1, or has too many octets. */
    static final int TOO_LARGE = -2;

    private static final long MAX_VALUE = (1L << 62) - 1;

    /** The octets that may follow the prefix: seven bits each, so that 2^62-1 fits. */
    private static final int MAX_OCTETS_AFTER_PREFIX = 9;

    private long value;

    /** The number of a {@link #read} that was complete. */
    long value() {
        return value;
    }

    /**
     * Reads an integer. The number of octets is bounded, whatever their value, so zeros that mean
     * nothing can not be piled up.
     *
     * @param at where the octet with the prefix is; must be below {@code to}
     * @return where the next octet is, {@link #INCOMPLETE} or {@link #TOO_LARGE}
     */
    int read(byte[] array, int at, int to, int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        int prefix = array[at] & mask;
        int next = at + 1;
        value = prefix;
        if (prefix < mask) {
            return next;
        }
        for (int i = 0; i < MAX_OCTETS_AFTER_PREFIX; i++) {
            if (next == to) {
                return INCOMPLETE;
            }
            int octet = array[next++];
            value += (octet & 0x7fL) << 7 * i;
            if (value > MAX_VALUE || value < 0) {
                return TOO_LARGE;
            }
            if (octet >= 0) {
                return next;
            }
        }
        return TOO_LARGE;
    }

    /** How many octets {@link #write} writes. */
    static int length(long value, int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            return 1;
        }
        int length = 2;
        for (long rest = value - mask; rest >= 0x80; rest >>>= 7) {
            length++;
        }
        return length;
    }

    /**
     * Writes an integer; there must be room for {@link #length}.
     *
     * @param flags the bits of the first octet in front of the prefix
     * @return where the next octet goes
     */
    static int write(long value, int prefixBits, int flags, byte[] array, int at) {
        int mask = (1 << prefixBits) - 1;
        int next = at;
        if (value < mask) {
            array[next++] = (byte) (flags | (int) value);
            return next;
        }
        array[next++] = (byte) (flags | mask);
        long rest = value - mask;
        while (rest >= 0x80) {
            array[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[next++] = (byte) rest;
        return next;
    }
}
