package dev.kestrel.internal.hpack;

/**
 * Writes header blocks (RFC 7541) into arrays of any size. A field is written whole or not at all,
 * and one that did not fit has not touched the dynamic table, so it can be written again elsewhere.
 *
 * <p>One encoder serves one connection, and whoever uses it holds the right to write a header
 * block: blocks must reach the peer in the order in which they were encoded.
 */
public final class HPackEncoder {

    /** What methods answer that had not enough room. */
    public static final int NO_ROOM = -1;

    /** What a peer's table holds before it says otherwise (RFC 9113 section 6.5.2). */
    private static final int INITIAL_TABLE_SIZE = 4096;

    private static final int SIZE_UPDATE = 0x20;
    private static final int SIZE_UPDATE_BITS = 5;
    private static final int NOTHING_PENDING = -1;

    private final int tableSizeCap;
    private final HPackIndexingPolicy policy;
    private final HPackEncoderTable table;

    // The sizes that the next block has to announce.
    private int smallestSize = NOTHING_PENDING;
    private int finalSize = NOTHING_PENDING;

    /**
     * Makes the encoder of a connection.
     *
     * @param tableSizeCap octets of dynamic table that this side spends at most, whatever the peer
     *     offers
     */
    public HPackEncoder(int tableSizeCap, HPackIndexingPolicy policy) {
        if (tableSizeCap < 0) {
            throw new IllegalArgumentException("The table size can not be " + tableSizeCap);
        }
        this.tableSizeCap = tableSizeCap;
        this.policy = policy;
        table = new HPackEncoderTable(INITIAL_TABLE_SIZE);
        setMaxTableSize(INITIAL_TABLE_SIZE);
    }

    /**
     * Follows the peer's SETTINGS_HEADER_TABLE_SIZE. The next block will announce what changed;
     * when it changed several times since the last, the smallest size and then the final one (RFC
     * 7541 section 4.2).
     *
     * @param size octets that the peer allows; the part beyond the cap is not used
     */
    public void setMaxTableSize(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("The table size can not be " + size);
        }
        int capped = Math.min(size, tableSizeCap);
        if (finalSize == NOTHING_PENDING) {
            if (capped == table.maxSize()) {
                return;
            }
            smallestSize = capped;
        }
        smallestSize = Math.min(smallestSize, capped);
        finalSize = capped;
    }

    /**
     * Begins a block: makes the pending changes of the table and announces them. They stay pending
     * until {@link #commitSizeUpdates}, so a beginning that was not sent can be made again.
     *
     * @return where the next octet goes, or {@link #NO_ROOM}
     */
    public int beginBlock(byte[] array, int at, int to) {
        if (finalSize == NOTHING_PENDING) {
            return at;
        }
        table.resize(smallestSize);
        table.resize(finalSize);
        boolean two = smallestSize < finalSize;
        int length = updateLength(finalSize) + (two ? updateLength(smallestSize) : 0);
        if (to - at < length) {
            return NO_ROOM;
        }
        int next = two ? writeUpdate(smallestSize, array, at) : at;
        return writeUpdate(finalSize, array, next);
    }

    /** Says that what {@link #beginBlock} has written will be sent. */
    public void commitSizeUpdates() {
        smallestSize = NOTHING_PENDING;
        finalSize = NOTHING_PENDING;
    }

    /**
     * Writes a field as the policy says.
     *
     * @param value one character an octet
     * @return where the next octet goes, or {@link #NO_ROOM}
     * @throws IllegalArgumentException when the value has a character that is no octet
     */
    public int encode(HPackName name, String value, byte[] array, int at, int to) {
        return encode(name, value, policy.choose(name, value), array, at, to);
    }

    /**
     * Writes a field.
     *
     * @param value one character an octet
     * @return where the next octet goes, or {@link #NO_ROOM}
     * @throws IllegalArgumentException when the value has a character that is no octet
     */
    public int encode(
            HPackName name, String value, HPackIndexing indexing, byte[] array, int at, int to) {
        if (indexing == HPackIndexing.NEVER_INDEXED) {
            return literal(name, value, indexing, array, at, to);
        }
        int index = HPackStaticTable.find(name, value);
        if (index > 0) {
            return indexed(index, array, at, to);
        }
        // What would take most of the table is not worth pushing all else out, or even to be
        // hashed.
        long entrySize = HPackDynamicTable.entrySize(name, value);
        if (indexing == HPackIndexing.NOT_INDEXED || entrySize > table.maxSize() * 3L / 4) {
            return literal(name, value, HPackIndexing.NOT_INDEXED, array, at, to);
        }
        index = table.findField(name, value);
        if (index > 0) {
            return indexed(index, array, at, to);
        }
        int next = literal(name, value, HPackIndexing.INDEXED, array, at, to);
        if (next != NO_ROOM) {
            table.add(name, value);
        }
        return next;
    }

    /** How many octets the entries of the dynamic table have. */
    int tableSize() {
        return table.size();
    }

    private static int indexed(int index, byte[] array, int at, int to) {
        return to - at < HPackIntegers.length(index, 7)
                ? NO_ROOM
                : HPackIntegers.encode(index, 7, 0x80, array, at);
    }

    private int literal(
            HPackName name, String value, HPackIndexing kind, byte[] array, int at, int to) {
        int index = name.staticIndex() > 0 ? name.staticIndex() : table.findName(name);
        int bits = kind.prefixBits();
        int nameCoded = index > 0 ? 0 : Huffman.encodedLength(name.text());
        int valueCoded = Huffman.encodedLength(value);
        long length =
                HPackIntegers.length(index, bits)
                        + (index > 0 ? 0 : stringLength(name.text(), nameCoded))
                        + stringLength(value, valueCoded);
        if (to - at < length) {
            return NO_ROOM;
        }
        int next = HPackIntegers.encode(index, bits, kind.flags(), array, at);
        if (index == 0) {
            next = writeString(name.text(), nameCoded, array, next);
        }
        return writeString(value, valueCoded, array, next);
    }

    private static long stringLength(String text, int coded) {
        int length = Math.min(text.length(), coded);
        return (long) HPackIntegers.length(length, 7) + length;
    }

    /** RFC 7541 section 5.2, in the Huffman code where that is shorter. */
    private static int writeString(String text, int coded, byte[] array, int at) {
        if (coded < text.length()) {
            return Huffman.encode(text, array, HPackIntegers.encode(coded, 7, 0x80, array, at));
        }
        int next = HPackIntegers.encode(text.length(), 7, 0, array, at);
        for (int i = 0; i < text.length(); i++) {
            array[next++] = (byte) text.charAt(i);
        }
        return next;
    }

    private static int updateLength(int size) {
        return HPackIntegers.length(size, SIZE_UPDATE_BITS);
    }

    private static int writeUpdate(int size, byte[] array, int at) {
        return HPackIntegers.encode(size, SIZE_UPDATE_BITS, SIZE_UPDATE, array, at);
    }
}
