package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackName;

import java.util.Arrays;

/**
 * The encoder's dynamic table, with chains of equal hashes that find an entry by name or by name
 * and value. A chain leads from newer to older entries; as the oldest are dropped first, it ends
 * where an entry is no longer there, and nothing has to be taken out of it.
 *
 * <p>The oldest quarter, when the table is full, is draining (RFC 9204 section 2.1.1.1): nothing
 * refers to it any more, so that there is always something that can be evicted soon.
 *
 * <p>Belongs to a {@link QPackEncoder}.
 */
final class QPackEncoderTable {

    /** What the ways to find an entry answer when there is none. */
    static final long NONE = -1;

    private static final int DRAINING_PART = 4;

    private final HPackDynamicTable entries = new HPackDynamicTable(0);

    // By hash, the newest entry; by entry, the next older one of the same hash.
    private long[] newestField = new long[0];
    private long[] newestName = new long[0];
    private long[] olderField = new long[0];
    private long[] olderName = new long[0];

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
        if (entries.count() == 0) {
            return NONE;
        }
        long number = newestField[slot(hash(name, value))];
        while (number >= entries.oldestNumber()) {
            if (entries.value(number).equals(value) && isName(number, name)) {
                return number;
            }
            number = olderField[slot((int) number)];
        }
        return NONE;
    }

    /**
     * The newest entry with this name that may be referred to, or {@link #NONE}.
     *
     * @param below what its number must be below
     */
    long findName(HPackName name, long below) {
        if (entries.count() == 0) {
            return NONE;
        }
        long number = newestName[slot(hash(name))];
        while (number >= draining) {
            if (number < below && isName(number, name)) {
                return number;
            }
            number = olderName[slot((int) number)];
        }
        return NONE;
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
        if (entries.slots() != newestField.length) {
            rebuild();
        } else {
            link(number);
        }
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

    private void link(long number) {
        int own = slot((int) number);
        HPackName name = entries.name(number);
        int byField = slot(hash(name, entries.value(number)));
        olderField[own] = newestField[byField];
        newestField[byField] = number;
        int byName = slot(hash(name));
        olderName[own] = newestName[byName];
        newestName[byName] = number;
    }

    private void rebuild() {
        int slots = entries.slots();
        newestField = new long[slots];
        newestName = new long[slots];
        olderField = new long[slots];
        olderName = new long[slots];
        Arrays.fill(newestField, NONE);
        Arrays.fill(newestName, NONE);
        for (long n = entries.oldestNumber(); n < entries.nextNumber(); n++) {
            link(n);
        }
    }

    private boolean isName(long number, HPackName name) {
        HPackName other = entries.name(number);
        return other == name || other.text().equals(name.text());
    }

    private int slot(int hash) {
        return hash & newestField.length - 1;
    }

    /** The hash of a field, by which it is found again. */
    static int hash(HPackName name, String value) {
        return spread(31 * name.text().hashCode() + value.hashCode());
    }

    private static int hash(HPackName name) {
        return spread(name.text().hashCode());
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
