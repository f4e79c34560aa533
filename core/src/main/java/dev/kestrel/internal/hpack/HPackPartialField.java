package dev.kestrel.internal.hpack;

import java.util.Arrays;

/**
 * The octets of a field, or of an instruction, whose rest comes with the next piece. Belongs to
 * whatever decodes the pieces.
 */
public final class HPackPartialField {

    private static final byte[] NOTHING = new byte[0];

    /** What is kept between blocks, so that an idle connection holds next to nothing. */
    private static final int KEPT = 256;

    private byte[] array = NOTHING;
    private int length;
    private int missing;

    /** Whether nothing is kept. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Where the octets are, from its beginning. */
    public byte[] array() {
        return array;
    }

    /** How many octets are kept. */
    public int length() {
        return length;
    }

    /** How many octets must come at least before it is worth to look again. */
    public int missing() {
        return missing;
    }

    /** Says how many octets must come before it is worth to look again. */
    public void expect(int octets) {
        missing = octets;
    }

    /** Keeps the octets that are there, of which so many more must come at least. */
    public void begin(byte[] from, int at, int to, int octets) {
        length = 0;
        append(from, at, to - at);
        missing = octets;
    }

    /** Takes what is missing, or what there is of it; returns where the next octet is. */
    public int add(byte[] from, int at, int to) {
        int taken = Math.min(missing, to - at);
        append(from, at, taken);
        missing -= taken;
        return at + taken;
    }

    /** The octets were dealt with. */
    public void clear() {
        length = 0;
    }

    /** Lets go of an array that only a large field needed. */
    public void release() {
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
