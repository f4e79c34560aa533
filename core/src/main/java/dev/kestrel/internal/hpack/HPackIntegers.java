package dev.kestrel.internal.hpack;

/** Integers with a prefix (RFC 7541 section 5.1), from zero to 2^31-1. */
final class HPackIntegers {

    /** What {@link #decode} answers when more octets are needed. */
    static final long INCOMPLETE = -1;

    /** The octets that may follow the prefix: seven bits each, so that 2^31-1 fits. */
    static final int MAX_OCTETS_AFTER_PREFIX = 5;

    private HPackIntegers() {}

    /**
     * Reads an integer. The number of octets is bounded, whatever their value, so zeros that mean
     * nothing can not be piled up.
     *
     * @param at where the octet with the prefix is; must be below {@code to}
     * @param prefixBits from 1 to 8
     * @return {@link #value} and {@link #next}, or {@link #INCOMPLETE}
     * @throws HPackException when it is over 2^31-1 or too long
     */
    static long decode(byte[] array, int at, int to, int prefixBits) throws HPackException {
        int mask = (1 << prefixBits) - 1;
        int prefix = array[at] & mask;
        int next = at + 1;
        if (prefix < mask) {
            return pack(prefix, next);
        }
        long value = prefix;
        for (int i = 0; i < MAX_OCTETS_AFTER_PREFIX; i++) {
            if (next == to) {
                return INCOMPLETE;
            }
            int octet = array[next++];
            value += (octet & 0x7fL) << (7 * i);
            if (value > Integer.MAX_VALUE) {
                throw HPackException.Reason.INTEGER_TOO_LARGE.exception();
            }
            if (octet >= 0) {
                return pack((int) value, next);
            }
        }
        throw HPackException.Reason.INTEGER_TOO_LARGE.exception();
    }

    /** The number of a {@link #decode} that was complete. */
    static int value(long decoded) {
        return (int) decoded;
    }

    /** Where the octet after a {@link #decode} that was complete is. */
    static int next(long decoded) {
        return (int) (decoded >>> 32);
    }

    /** How many octets {@link #encode} writes. */
    static int length(int value, int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            return 1;
        }
        int length = 2;
        for (int rest = value - mask; rest >= 0x80; rest >>>= 7) {
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
    static int encode(int value, int prefixBits, int flags, byte[] array, int at) {
        int mask = (1 << prefixBits) - 1;
        int next = at;
        if (value < mask) {
            array[next++] = (byte) (flags | value);
            return next;
        }
        array[next++] = (byte) (flags | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            array[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[next++] = (byte) rest;
        return next;
    }

    private static long pack(int value, int next) {
        return (long) next << 32 | value;
    }
}
