package dev.kestrel.internal.http3;

import dev.kestrel.pipelines.ByteSequence;

/** Integers of 1, 2, 4 or 8 octets, as the first two bits say (RFC 9000 section 16). */
final class VarInt {

    /** The longest. */
    static final int MAX_LENGTH = 8;

    static final long MAX = (1L << 62) - 1;

    /** There are not enough octets. */
    static final long INCOMPLETE = -1;

    private VarInt() {}

    /** Of how many octets an integer is that begins like this. */
    static int length(byte first) {
        return 1 << ((first & 0xff) >>> 6);
    }

    /**
     * Reads an integer.
     *
     * @return {@link #INCOMPLETE} when the sequence ends before it does
     */
    static long read(ByteSequence from, long at) {
        long available = from.length() - at;
        if (available <= 0) {
            return INCOMPLETE;
        }
        byte first = from.get(at);
        int length = length(first);
        if (available < length) {
            return INCOMPLETE;
        }
        long value = first & 0x3f;
        for (int i = 1; i < length; i++) {
            value = value << 8 | from.get(at + i) & 0xff;
        }
        return value;
    }

    /** As {@link #read(ByteSequence, long)}, up to {@code to}. */
    static long read(byte[] from, int at, int to) {
        if (at >= to || to - at < length(from[at])) {
            return INCOMPLETE;
        }
        int length = length(from[at]);
        long value = from[at] & 0x3f;
        for (int i = 1; i < length; i++) {
            value = value << 8 | from[at + i] & 0xff;
        }
        return value;
    }

    /** How many octets a value needs. */
    static int lengthOf(long value) {
        if (value < 1 << 6) {
            return 1;
        } else if (value < 1 << 14) {
            return 2;
        }
        return value < 1 << 30 ? 4 : 8;
    }

    /**
     * Writes a value with as few octets as it needs.
     *
     * @return where the next octet goes
     */
    static int write(long value, byte[] target, int at) {
        int length = lengthOf(value);
        for (int i = length - 1, shift = 0; i >= 0; i--, shift += 8) {
            target[at + i] = (byte) (value >>> shift);
        }
        target[at] |= (byte) (Integer.numberOfTrailingZeros(length) << 6);
        return at + length;
    }

    /** Writes a value below 2^30 with four octets, whatever it needs. */
    static void write4(int value, byte[] target, int at) {
        target[at] = (byte) (value >>> 24 | 0x80);
        target[at + 1] = (byte) (value >>> 16);
        target[at + 2] = (byte) (value >>> 8);
        target[at + 3] = (byte) value;
    }
}
