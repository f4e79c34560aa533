package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackName;

/**
 * Inserts entries into the encoder's table and tells the peer (RFC 9204 section 4.3).
 *
 * <p>Belongs to a {@link QPackEncoder}.
 */
final class QPackInsertWriter {

    private static final int CAPACITY = 0x20;
    private static final int CAPACITY_BITS = 5;
    private static final int DUPLICATE = 0x00;
    private static final int DUPLICATE_BITS = 5;
    private static final int NAME_REFERENCE = 0x80;
    private static final int STATIC = 0x40;
    private static final int NAME_REFERENCE_BITS = 6;
    private static final int LITERAL_NAME = 0x40;
    private static final int LITERAL_NAME_BITS = 5;
    private static final int VALUE_BITS = 7;

    private final QPackEncoderTable table;
    private final QPackInstructionBuffer pending = new QPackInstructionBuffer();
    private boolean begun;

    QPackInsertWriter(QPackEncoderTable table) {
        this.table = table;
    }

    /** What was not written to the encoder stream yet. */
    QPackInstructionBuffer pending() {
        return pending;
    }

    /**
     * Inserts a field.
     *
     * @param staticName the entry of the static table with its name, or NONE
     * @return its number
     * @throws IllegalArgumentException when the value has a character that is no octet
     */
    long insert(HPackName name, String value, int staticName) {
        int coded = QPackLiterals.codedLength(value);
        if (staticName != QPackStaticTable.NONE) {
            begin();
            pending.add(staticName, NAME_REFERENCE_BITS, NAME_REFERENCE | STATIC);
        } else {
            long number = table.findName(name, Long.MAX_VALUE);
            if (number != QPackEncoderTable.NONE) {
                begin();
                pending.add(table.relative(number), NAME_REFERENCE_BITS, NAME_REFERENCE);
            } else {
                int codedName = QPackLiterals.codedLength(name.text());
                begin();
                add(name.text(), codedName, LITERAL_NAME_BITS, LITERAL_NAME);
            }
        }
        add(value, coded, VALUE_BITS, 0);
        return table.add(name, value);
    }

    /** Inserts an entry once more; returns its new number. */
    long duplicate(long number) {
        pending.add(table.relative(number), DUPLICATE_BITS, DUPLICATE);
        return table.add(table.name(number), table.value(number));
    }

    /** RFC 9204 section 3.2.2: the capacity is zero until it is set. */
    private void begin() {
        if (!begun) {
            begun = true;
            pending.add(table.capacity(), CAPACITY_BITS, CAPACITY);
        }
    }

    private void add(String text, int coded, int bits, int flags) {
        byte[] array = pending.reserve((int) QPackLiterals.length(coded, bits));
        pending.filledTo(QPackLiterals.write(text, coded, bits, flags, array, pending.end()));
    }
}
