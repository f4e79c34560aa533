package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackFieldIndex;
import dev.kestrel.internal.hpack.HPackName;

/**
 * The encoder's dynamic table, whose entries are found by what they hold.
 *
 * <p>The oldest quarter, when the table is full, is draining (RFC 9204 section 2.1.1.1): nothing
 * refers to it any more, so that there is always something that can be evicted soon.
 *
 * <p>Belongs to a {@link QPackEncoder}.
 */
final class QPackEncoderTable {

    /** What the ways to find an entry answer when there is none. */
    static final long NONE = HPackFieldIndex.NONE;

    private static final int DRAINING_PART = 4;

    private final HPackDynamicTable entries = new HPackDynamicTable(0);
    private final HPackFieldIndex index = new HPackFieldIndex(entries);

    /** The oldest entry that may be referred to. */
    private long draining;

    /** Octets of the entries from {@link #draining} on. */
    private int referable;

    /** Sets the capacity, before the first entry. */
    void setCapacity(int capacity) {
        entries.resize(capacity);
    }

    int capacity() {
        return entries.maxSize();
    }

    /** How many entries were ever inserted. */
    long insertCount() {
        return entries.nextNumber();
    }

    /** The oldest entry that may be referred to. */
    long draining() {
        return draining;
    }

    /** How an instruction refers to an entry (RFC 9204 section 3.2.5). */
    long relative(long number) {
        return entries.nextNumber() - 1 - number;
    }

    HPackName name(long number) {
        return entries.name(number);
    }

    String value(long number) {
        return entries.value(number);
    }

    /** The newest entry with this name and value, or {@link #NONE}. */
    long find(HPackName name, String value) {
        return index.findField(name, value);
    }

    /**
     * The newest entry with this name that may be referred to, or {@link #NONE}.
     *
     * @param below what its number must be below
     */
    long findName(HPackName name, long below) {
        return index.findName(name, draining, below);
    }

    /**
     * Whether an entry can be added.
     *
     * @param evictable the first that must not be evicted
     */
    boolean hasRoom(long octets, long evictable) {
        long free = (long) entries.maxSize() - entries.size();
        long oldest = entries.oldestNumber();
        while (free < octets) {
            if (oldest >= evictable) {
                return false;
            }
            free += sizeOf(oldest++);
        }
        return true;
    }

    /** Adds an entry that there is {@linkplain #hasRoom room} for; returns its number. */
    long add(HPackName name, String value) {
        int octets = (int) HPackDynamicTable.entrySize(name, value);
        leave(octets);
        long number = entries.nextNumber();
        entries.add(name, value);
        index.added();
        referable += octets;
        int most = entries.maxSize() - entries.maxSize() / DRAINING_PART;
        while (referable > most && draining < number) {
            referable -= sizeOf(draining++);
        }
        return number;
    }

    /** What has to go is no longer referable. */
    private void leave(int octets) {
        int free = entries.maxSize() - entries.size();
        for (long oldest = entries.oldestNumber(); free < octets; oldest++) {
            free += sizeOf(oldest);
            if (oldest == draining) {
                referable -= sizeOf(draining++);
            }
        }
    }

    private int sizeOf(long number) {
        return (int) HPackDynamicTable.entrySize(entries.name(number), entries.value(number));
    }
}
