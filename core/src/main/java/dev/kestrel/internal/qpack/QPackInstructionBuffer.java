package dev.kestrel.internal.qpack;

import java.util.Arrays;

/**
 * Instructions that wait to be written to a stream of ours. Belongs to the decoder or the encoder;
 * how much may wait is for them.
 */
final class QPackInstructionBuffer {

    private static final byte[] NOTHING = new byte[0];
    private static final int LEAST = 64;

    /** What is kept while nothing waits, so that an idle connection holds next to nothing. */
    private static final int KEPT = 1024;

    private byte[] array = NOTHING;
    private int start;
    private int end;

    boolean isEmpty() {
        return start == end;
    }

    /** How many octets wait. */
    int size() {
        return end - start;
    }

    /** Makes room for so many octets behind {@link #end}. */
    byte[] reserve(int octets) {
        if (array.length - end < octets) {
            int waiting = size();
            if (array.length - waiting < octets || waiting > array.length / 2) {
                int length = Math.max(waiting + octets, Math.max(LEAST, array.length * 2));
                array = Arrays.copyOfRange(array, start, start + length);
            } else {
                System.arraycopy(array, start, array, 0, waiting);
            }
            start = 0;
            end = waiting;
        }
        return array;
    }

    int end() {
        return end;
    }

    /** Says how far what {@link #reserve} gave was filled. */
    void filledTo(int newEnd) {
        end = newEnd;
    }

    /** Adds an integer. */
    void add(long value, int prefixBits, int flags) {
        byte[] into = reserve(QPackInteger.length(value, prefixBits));
        end = QPackInteger.write(value, prefixBits, flags, into, end);
    }

    /** Moves out what there is room for; returns where the next octet goes. */
    int moveTo(byte[] out, int at, int to) {
        int octets = Math.min(size(), to - at);
        System.arraycopy(array, start, out, at, octets);
        start += octets;
        if (start == end) {
            start = 0;
            end = 0;
            if (array.length > KEPT) {
                array = NOTHING;
            }
        }
        return at + octets;
    }
}
