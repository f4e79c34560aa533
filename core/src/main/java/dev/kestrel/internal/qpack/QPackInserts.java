package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackPartialField;
import dev.kestrel.internal.qpack.QPackException.Reason;

/**
 * Follows the instructions of the peer's encoder stream (RFC 9204 section 4.3). They may be cut
 * anywhere. The octets of one that has only begun are kept, if it can fit into the table at all:
 * what its lengths say is looked at before.
 *
 * <p>Belongs to a {@link QPackDecoder}.
 */
final class QPackInserts {

    private static final int STATIC = 0x40;
    private static final int WITH_NAME = 0x40;
    private static final int CAPACITY = 0x20;

    private final HPackDynamicTable table;
    private final int maxCapacity;
    private final QPackStrings strings;
    private final QPackLine line = new QPackLine();
    private final HPackPartialField partial = new HPackPartialField();

    QPackInserts(HPackDynamicTable table, int maxCapacity, QPackStrings strings) {
        this.table = table;
        this.maxCapacity = maxCapacity;
        this.strings = strings;
    }

    void read(byte[] array, int from, int to) throws QPackException {
        int at = partial.isEmpty() ? from : finishPartial(array, from, to);
        while (at < to) {
            int length = parse(array, at, to);
            if (length < 0) {
                partial.begin(array, at, to, -length);
                break;
            }
            apply(array, at);
            at += length;
        }
        strings.release();
        if (partial.isEmpty()) {
            partial.release();
        }
    }

    /** Goes on with the instruction that was begun before; returns where the next one is. */
    private int finishPartial(byte[] array, int from, int to) throws QPackException {
        int at = from;
        while (at < to) {
            at = partial.add(array, at, to);
            if (partial.missing() > 0) {
                break;
            }
            int length = parse(partial.array(), 0, partial.length());
            if (length > 0) {
                apply(partial.array(), 0);
                partial.clear();
                break;
            }
            partial.expect(-length);
        }
        return at;
    }

    /** How many octets an instruction has, or minus the number that must come at least. */
    private int parse(byte[] array, int at, int to) throws QPackException {
        int kind = array[at];
        int length;
        if (kind < 0) {
            length = line.parseNameReference(array, at, to, 6);
            if (line.index() != QPackLine.UNKNOWN) {
                requireRoom(nameAt(kind, line.index()).text().length() + line.leastOctets());
            }
        } else if ((kind & WITH_NAME) != 0) {
            length = line.parseName(array, at, to, 5);
            requireRoom(line.leastOctets());
        } else {
            length = line.parseIndex(array, at, to, 5);
        }
        if (length == QPackLine.INTEGER_TOO_LARGE) {
            throw Reason.INSTRUCTION_INTEGER_TOO_LARGE.exception();
        }
        if (length == QPackLine.STRING_TOO_LONG) {
            throw Reason.ENTRY_TOO_LARGE.exception();
        }
        return length;
    }

    /** Refuses what can not fit before its octets are kept, and before they are decoded. */
    private void requireRoom(long octets) throws QPackException {
        if (octets + HPackDynamicTable.ENTRY_OVERHEAD > table.maxSize()) {
            throw Reason.ENTRY_TOO_LARGE.exception();
        }
    }

    private void apply(byte[] array, int at) throws QPackException {
        int kind = array[at];
        if (kind < 0) {
            insert(nameAt(kind, line.index()), array);
        } else if ((kind & WITH_NAME) != 0) {
            insert(readName(array), array);
        } else if ((kind & CAPACITY) != 0) {
            setCapacity(line.index());
        } else {
            long number = numberAt(line.index());
            table.add(table.name(number), table.value(number));
        }
    }

    private void insert(HPackName name, byte[] array) throws QPackException {
        try {
            strings.openValue(line, array, mostOctets() - name.text().length());
        } catch (HPackException e) {
            throw failure(e);
        }
        table.add(name, strings.text());
    }

    private HPackName readName(byte[] array) throws QPackException {
        try {
            strings.openName(line, array, mostOctets());
        } catch (HPackException e) {
            throw failure(e);
        }
        return strings.name();
    }

    /** Octets of name and value that fit into the empty table. */
    private int mostOctets() {
        return table.maxSize() - HPackDynamicTable.ENTRY_OVERHEAD;
    }

    private void setCapacity(long capacity) throws QPackException {
        if (capacity > maxCapacity) {
            throw Reason.CAPACITY_TOO_LARGE.exception();
        }
        table.resize((int) capacity);
    }

    private HPackName nameAt(int kind, long index) throws QPackException {
        if ((kind & STATIC) == 0) {
            return table.name(numberAt(index));
        }
        if (index >= QPackStaticTable.SIZE) {
            throw Reason.INVALID_INSERT_REFERENCE.exception();
        }
        return QPackStaticTable.name((int) index);
    }

    /** RFC 9204 section 3.2.5: relative to the newest entry. */
    private long numberAt(long index) throws QPackException {
        if (index >= table.count()) {
            throw Reason.INVALID_INSERT_REFERENCE.exception();
        }
        return table.numberAt((int) index);
    }

    private static QPackException failure(HPackException e) {
        return e.reason() == HPackException.Reason.STRING_TOO_LONG
                ? Reason.ENTRY_TOO_LARGE.exception()
                : Reason.INVALID_INSERT_HUFFMAN.exception();
    }
}
