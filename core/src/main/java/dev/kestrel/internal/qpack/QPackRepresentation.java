package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackName;

/**
 * How a field line is sent (RFC 9204 section 4.5), in a long: its kind, and an index of the static
 * table or the number of an entry of the dynamic one. What an encoder decides under its lock is so
 * written without it.
 *
 * <p>The Base is the Required Insert Count, so nothing lies behind it.
 */
final class QPackRepresentation {

    private static final int INDEXED_STATIC = 0;
    private static final int INDEXED_DYNAMIC = 1;
    private static final int STATIC_NAME = 2;
    private static final int DYNAMIC_NAME = 3;
    private static final int LITERAL_NAME = 4;
    private static final int KIND_MASK = 7;
    private static final int NEVER_INDEXED = 8;
    private static final int NUMBER_SHIFT = 4;

    private static final int INDEXED_BITS = 6;
    private static final int NAME_REFERENCE_BITS = 4;
    private static final int LITERAL_NAME_BITS = 3;
    private static final int VALUE_BITS = 7;

    private QPackRepresentation() {}

    static long indexedStatic(int index) {
        return of(INDEXED_STATIC, index, false);
    }

    static long indexedDynamic(long number) {
        return of(INDEXED_DYNAMIC, number, false);
    }

    static long staticName(int index, boolean never) {
        return of(STATIC_NAME, index, never);
    }

    static long dynamicName(long number, boolean never) {
        return of(DYNAMIC_NAME, number, never);
    }

    static long literalName(boolean never) {
        return of(LITERAL_NAME, 0, never);
    }

    private static long of(int kind, long number, boolean never) {
        return number << NUMBER_SHIFT | (never ? NEVER_INDEXED : 0) | kind;
    }

    /** Whether the value is sent as a literal. */
    static boolean hasValue(long representation) {
        return kind(representation) >= STATIC_NAME;
    }

    /** Whether the name is sent as a literal. */
    static boolean hasName(long representation) {
        return kind(representation) == LITERAL_NAME;
    }

    /**
     * How many octets the line has.
     *
     * @param base of the section
     * @param codedName the coded length of the name, where it is sent
     * @param codedValue the coded length of the value, where it is sent
     */
    static long length(long representation, long base, int codedName, int codedValue) {
        return switch (kind(representation)) {
            case INDEXED_STATIC -> QPackInteger.length(number(representation), INDEXED_BITS);
            case INDEXED_DYNAMIC ->
                    QPackInteger.length(base - 1 - number(representation), INDEXED_BITS);
            case STATIC_NAME ->
                    QPackInteger.length(number(representation), NAME_REFERENCE_BITS)
                            + QPackLiterals.length(codedValue, VALUE_BITS);
            case DYNAMIC_NAME ->
                    QPackInteger.length(base - 1 - number(representation), NAME_REFERENCE_BITS)
                            + QPackLiterals.length(codedValue, VALUE_BITS);
            default ->
                    QPackLiterals.length(codedName, LITERAL_NAME_BITS)
                            + QPackLiterals.length(codedValue, VALUE_BITS);
        };
    }

    /** Writes the line; there must be room for {@link #length}. Returns where the next goes. */
    static int write(
            long representation,
            long base,
            HPackName name,
            String value,
            int codedName,
            int codedValue,
            byte[] array,
            int at) {
        long number = number(representation);
        int never = (int) representation & NEVER_INDEXED;
        int next;
        switch (kind(representation)) {
            case INDEXED_STATIC -> {
                return QPackInteger.write(number, INDEXED_BITS, 0xc0, array, at);
            }
            case INDEXED_DYNAMIC -> {
                return QPackInteger.write(base - 1 - number, INDEXED_BITS, 0x80, array, at);
            }
            // The bit N is 0x20 behind 01, and 0x10 behind 001.
            case STATIC_NAME ->
                    next =
                            QPackInteger.write(
                                    number, NAME_REFERENCE_BITS, 0x50 | never << 2, array, at);
            case DYNAMIC_NAME ->
                    next =
                            QPackInteger.write(
                                    base - 1 - number,
                                    NAME_REFERENCE_BITS,
                                    0x40 | never << 2,
                                    array,
                                    at);
            default ->
                    next =
                            QPackLiterals.write(
                                    name.text(),
                                    codedName,
                                    LITERAL_NAME_BITS,
                                    0x20 | never << 1,
                                    array,
                                    at);
        }
        return QPackLiterals.write(value, codedValue, VALUE_BITS, 0, array, next);
    }

    private static int kind(long representation) {
        return (int) representation & KIND_MASK;
    }

    private static long number(long representation) {
        return representation >>> NUMBER_SHIFT;
    }
}
