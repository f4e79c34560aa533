package dev.kestrel.internal.hpack;

import dev.kestrel.internal.hpack.HPackException.Reason;

/**
 * Decodes header blocks (RFC 7541), whole or in the pieces that HEADERS and CONTINUATION bring.
 *
 * <p>A piece may end anywhere. The octets of a field that has only begun are kept until it is
 * complete, at most a name and a value of the greatest length; how much of it is missing is known
 * from its lengths, so nothing is decoded twice however small the pieces are.
 *
 * <p>One decoder serves one connection, on the thread that reads its frames. After an exception or
 * a fatal result it can not be used again.
 */
public final class HPackDecoder {

    private final HPackLimits limits;
    private final HPackDynamicTable table;
    private final HPackStrings strings;
    private final HPackSizeUpdates sizeUpdates;
    private final HPackPartialField partial = new HPackPartialField();

    private boolean inBlock;
    private boolean fieldsBegan;
    private long listSize;
    private int fields;
    private HPackResult result = HPackResult.WITHIN_LIMITS;

    /**
     * Makes the decoder of a connection.
     *
     * @param maxTableSize what SETTINGS_HEADER_TABLE_SIZE is until {@link #setMaxTableSize}: 4096,
     *     before our SETTINGS are acknowledged
     */
    public HPackDecoder(int maxTableSize, HPackLimits limits) {
        this.limits = limits;
        table = new HPackDynamicTable(maxTableSize);
        strings = new HPackStrings(limits.maxStringLength());
        sizeUpdates = new HPackSizeUpdates(table, maxTableSize);
    }

    /**
     * Follows a SETTINGS_HEADER_TABLE_SIZE of ours that the peer has acknowledged. When it makes
     * the table smaller than it is, the next block must begin with an update (RFC 9113 section
     * 4.3.1).
     *
     * @param size octets, zero or more
     */
    public void setMaxTableSize(int size) {
        if (inBlock) {
            throw new IllegalStateException("A header block is being decoded");
        }
        sizeUpdates.setLimit(size);
    }

    /**
     * Decodes a piece of a block.
     *
     * @param last whether the block ends here (END_HEADERS)
     * @param sink takes the fields, in order
     * @return how the block stands so far
     * @throws HPackException COMPRESSION_ERROR for the connection
     */
    public HPackResult decode(byte[] array, int from, int to, boolean last, HPackSink sink)
            throws HPackException {
        if (!inBlock) {
            beginBlock();
        } else if (result.isFatal()) {
            return result;
        }
        int at = partial.isEmpty() ? from : finishPartial(array, from, to, sink);
        while (at < to && !result.isFatal()) {
            int field = measure(array, at, to);
            if (field < 0) {
                partial.begin(array, at, to, -field);
                break;
            }
            decodeField(array, at, at + field, sink);
            at += field;
        }
        if (last && !result.isFatal()) {
            endBlock();
        }
        return result;
    }

    private void beginBlock() {
        inBlock = true;
        fieldsBegan = false;
        listSize = 0;
        fields = 0;
        result = HPackResult.WITHIN_LIMITS;
        sizeUpdates.beginBlock();
    }

    private void endBlock() throws HPackException {
        if (!partial.isEmpty()) {
            throw Reason.INCOMPLETE_BLOCK.exception();
        }
        sizeUpdates.requireDone();
        inBlock = false;
        partial.release();
        strings.release();
    }

    /** Goes on with the field that a piece before has begun; returns where the next one is. */
    private int finishPartial(byte[] array, int from, int to, HPackSink sink)
            throws HPackException {
        int at = from;
        while (at < to) {
            at = partial.add(array, at, to);
            if (partial.missing() > 0) {
                break;
            }
            int field = measure(partial.array(), 0, partial.length());
            if (field > 0) {
                decodeField(partial.array(), 0, field, sink);
                partial.clear();
                break;
            }
            partial.expect(-field);
        }
        return at;
    }

    /**
     * How many octets the field has that begins here; when that is not known yet, or they are not
     * all there, minus the number that must come at least. Refuses what can not become a field.
     */
    private int measure(byte[] array, int at, int to) throws HPackException {
        int kind = array[at];
        long number = HPackIntegers.decode(array, at, to, prefixBits(kind));
        if (number == HPackIntegers.INCOMPLETE) {
            return -1;
        }
        int next = HPackIntegers.next(number);
        if (kind < 0 || isSizeUpdate(kind)) {
            return next - at;
        }
        checkIndex(HPackIntegers.value(number));
        int literals = HPackIntegers.value(number) == 0 ? 2 : 1;
        for (int i = 0; i < literals; i++) {
            if (next == to) {
                return -1;
            }
            long length = HPackIntegers.decode(array, next, to, 7);
            if (length == HPackIntegers.INCOMPLETE) {
                return -1;
            }
            strings.checkLength(HPackIntegers.value(length));
            next = HPackIntegers.next(length);
            int there = to - next;
            if (there < HPackIntegers.value(length)) {
                return there - HPackIntegers.value(length);
            }
            next += HPackIntegers.value(length);
        }
        return next - at;
    }

    private void decodeField(byte[] array, int at, int to, HPackSink sink) throws HPackException {
        int kind = array[at];
        long number = HPackIntegers.decode(array, at, to, prefixBits(kind));
        int index = HPackIntegers.value(number);
        if (isSizeUpdate(kind)) {
            if (fieldsBegan) {
                throw Reason.MISPLACED_SIZE_UPDATE.exception();
            }
            sizeUpdates.update(index);
            return;
        }
        if (!fieldsBegan) {
            sizeUpdates.requireDone();
            fieldsBegan = true;
        }
        if (kind < 0) {
            decodeIndexed(index, sink);
        } else {
            decodeLiteral(array, HPackIntegers.next(number), index, isIndexed(kind), sink);
        }
    }

    /** RFC 7541 section 6.1. */
    private void decodeIndexed(int index, HPackSink sink) throws HPackException {
        if (index == 0) {
            throw Reason.INVALID_INDEX.exception();
        }
        checkIndex(index);
        String value =
                index <= HPackStaticTable.SIZE
                        ? HPackStaticTable.value(index)
                        : table.value(table.numberAt(index - HPackStaticTable.SIZE - 1));
        take(nameAt(index), value, sink);
    }

    /** RFC 7541 section 6.2: with a name from a table, or, at index zero, a literal one. */
    private void decodeLiteral(byte[] array, int at, int index, boolean indexed, HPackSink sink)
            throws HPackException {
        int next = at;
        HPackName name;
        if (index == 0) {
            name = strings.readName(array, next);
            next = strings.next();
        } else {
            name = nameAt(index);
        }
        String value = strings.readValue(array, next);
        if (indexed) {
            table.add(name, value);
        }
        take(name, value, sink);
    }

    private HPackName nameAt(int index) {
        return index <= HPackStaticTable.SIZE
                ? HPackName.ofStatic(index)
                : table.name(table.numberAt(index - HPackStaticTable.SIZE - 1));
    }

    private void checkIndex(int index) throws HPackException {
        if (index > HPackStaticTable.SIZE + table.count()) {
            throw Reason.INVALID_INDEX.exception();
        }
    }

    /** Counts a field, and hands it on when the block is within its limits. */
    private void take(HPackName name, String value, HPackSink sink) {
        fields++;
        listSize += HPackDynamicTable.entrySize(name, value);
        if (listSize > limits.maxListSize()) {
            result =
                    listSize > 2L * limits.maxListSize()
                            ? HPackResult.LIST_FAR_TOO_LARGE
                            : HPackResult.LIST_TOO_LARGE;
        }
        if (fields > limits.maxFields() && !result.isFatal()) {
            if (fields > 2L * limits.maxFields()) {
                result = HPackResult.FAR_TOO_MANY_FIELDS;
            } else if (result == HPackResult.WITHIN_LIMITS) {
                result = HPackResult.TOO_MANY_FIELDS;
            }
        }
        if (result == HPackResult.WITHIN_LIMITS) {
            sink.onField(name, value);
        }
    }

    /** RFC 7541 section 6: the first bits say what a field is. */
    private static int prefixBits(int kind) {
        if (kind < 0) {
            return 7;
        }
        if (isIndexed(kind)) {
            return 6;
        }
        return isSizeUpdate(kind) ? 5 : 4;
    }

    private static boolean isIndexed(int kind) {
        return (kind & 0xc0) == 0x40;
    }

    private static boolean isSizeUpdate(int kind) {
        return (kind & 0xe0) == 0x20;
    }
}
