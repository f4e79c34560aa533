package dev.kestrel.internal.hpack;

import java.util.Arrays;

/** The octets of a field whose rest comes with the next piece of its block. */
final class HPackPartialField {

    private static final byte[] NOTHING = new byte[0];

    /** What is kept between blocks, so that an idle connection holds next to nothing. */
    private static final int KEPT = 256;

    private byte[] array = NOTHING;
    private int length;
    private int missing;

    boolean isEmpty() {
        return length == 0;
    }

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    /** How many octets must come at least before it is worth to look again. */
    int missing() {
        return missing;
    }

    void expect(int octets) {
        missing = octets;
    }

    void begin(byte[] from, int at, int to, int octets) {
        length = 0;
        append(from, at, to - at);
        missing = octets;
    }

    /** Takes what is missing, or what there is of it; returns where the next octet is. */
    int add(byte[] from, int at, int to) {
        int taken = Math.min(missing, to - at);
        append(from, at, taken);
        missing -= taken;
        return at + taken;
    }

    void clear() {
        length = 0;
    }

    void release() {
        if (array.length > KEPT) {
            array = NOTHING;
        }
    }

    /** Grows with what has come, not with what a length promises. */
    private void append(byte[] from, int at, int octets) {
        if (array.length - length < octets) {
            array = Arrays.copyOf(array, Math.max(length + octets, array.length * 2));
        }
        System.arraycopy(from, at, array, length, octets);
        length += octets;
    }
}
