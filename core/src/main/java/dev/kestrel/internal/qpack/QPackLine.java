package dev.kestrel.internal.qpack;

/**
 * Finds the parts of a field line or an instruction: an integer, which is an index or the length of
 * a name, the name, and a value. What an object of it knows is of the last {@link #parse}; nothing
 * is copied or decoded.
 */
final class QPackLine {

    /** What {@link #parse} answers when an integer is beyond 62 bits. */
    static final int INTEGER_TOO_LARGE = Integer.MIN_VALUE;

    /** What {@link #parse} answers when a string is longer than any that is taken. */
    static final int STRING_TOO_LONG = Integer.MIN_VALUE + 1;

    /** The length of a string that is not known yet, or not there. */
    static final int UNKNOWN = -1;

    private static final int LONGEST = 1 << 28;
    private static final int HUFFMAN = 0x80;
    private static final int VALUE_BITS = 7;

    /** The most bits of a code, and the most that are padding (RFC 7541 section 5.2). */
    private static final int LONGEST_CODE = 30;

    private static final int PADDING = 7;

    private final QPackInteger integer = new QPackInteger();

    private long index;
    private int nameStart;
    private int nameLength;
    private boolean nameCoded;
    private int valueStart;
    private int valueLength;
    private boolean valueCoded;

    /**
     * Parses a line without strings.
     *
     * @return how many octets it has, or -1 when more are needed; or {@link #INTEGER_TOO_LARGE}
     */
    int parseIndex(byte[] array, int at, int to, int bits) {
        reset();
        int next = integer.read(array, at, to, bits);
        if (next < 0) {
            return next == QPackInteger.INCOMPLETE ? -1 : INTEGER_TOO_LARGE;
        }
        index = integer.value();
        return next - at;
    }

    /**
     * Parses a line with an index and a value. What is known of them can be asked for, also when
     * the answer is negative.
     *
     * @return how many octets it has; minus the number that must come at least; or one of {@link
     *     #INTEGER_TOO_LARGE} and {@link #STRING_TOO_LONG}
     */
    int parseNameReference(byte[] array, int at, int to, int bits) {
        int length = parseIndex(array, at, to, bits);
        return length < 0 ? length : parseValue(array, at, at + length, to);
    }

    /**
     * Parses a line with a name and a value, as {@link #parseNameReference} does.
     *
     * @param bits of the name's length, behind the bit that says whether it is Huffman-coded
     */
    int parseName(byte[] array, int at, int to, int bits) {
        reset();
        int next = integer.read(array, at, to, bits);
        if (next < 0) {
            return next == QPackInteger.INCOMPLETE ? -1 : INTEGER_TOO_LARGE;
        }
        if (integer.value() > LONGEST) {
            return STRING_TOO_LONG;
        }
        nameStart = next;
        nameLength = (int) integer.value();
        nameCoded = (array[at] >> bits & 1) != 0;
        int there = to - next;
        // A value follows, of at least an octet.
        return there <= nameLength
                ? there - nameLength - 1
                : parseValue(array, at, next + nameLength, to);
    }

    private int parseValue(byte[] array, int at, int from, int to) {
        if (from == to) {
            return -1;
        }
        int next = integer.read(array, from, to, VALUE_BITS);
        if (next < 0) {
            return next == QPackInteger.INCOMPLETE ? -1 : INTEGER_TOO_LARGE;
        }
        if (integer.value() > LONGEST) {
            return STRING_TOO_LONG;
        }
        valueStart = next;
        valueLength = (int) integer.value();
        valueCoded = (array[from] & HUFFMAN) != 0;
        int there = to - next;
        return there < valueLength ? there - valueLength : next + valueLength - at;
    }

    private void reset() {
        index = UNKNOWN;
        nameLength = UNKNOWN;
        valueLength = UNKNOWN;
    }

    /** The index, or {@link #UNKNOWN}. */
    long index() {
        return index;
    }

    int nameStart() {
        return nameStart;
    }

    /** Octets of the name as they come, or {@link #UNKNOWN}. */
    int nameLength() {
        return nameLength;
    }

    boolean isNameCoded() {
        return nameCoded;
    }

    int valueStart() {
        return valueStart;
    }

    /** Octets of the value as they come, or {@link #UNKNOWN}. */
    int valueLength() {
        return valueLength;
    }

    boolean isValueCoded() {
        return valueCoded;
    }

    /** The fewest octets that the name and the value can have, as far as they are known. */
    long leastOctets() {
        return least(nameLength, nameCoded) + least(valueLength, valueCoded);
    }

    private static long least(int length, boolean coded) {
        if (length <= 0) {
            return 0;
        }
        return coded ? (length * 8L - PADDING + LONGEST_CODE - 1) / LONGEST_CODE : length;
    }
}
