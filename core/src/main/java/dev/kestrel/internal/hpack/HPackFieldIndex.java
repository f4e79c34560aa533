package dev.kestrel.internal.hpack;

import java.util.Arrays;

/**
 * Finds entries of an encoder's dynamic table by name or by name and value, with chains of equal
 * hashes. A chain leads from newer to older entries; as the oldest are dropped first, it ends where
 * an entry is no longer there, and nothing has to be taken out of it. Belongs to whoever has the
 * table.
 */
public final class HPackFieldIndex {

    /** What the ways to find an entry answer when there is none. */
    public static final long NONE = -1;

    private final HPackDynamicTable entries;

    // By hash, the newest entry; by entry, the next older one of the same hash.
    private long[] newestField = new long[0];
    private long[] newestName = new long[0];
    private long[] olderField = new long[0];
    private long[] olderName = new long[0];

    /** Makes an index of a table that is empty. */
    public HPackFieldIndex(HPackDynamicTable entries) {
        this.entries = entries;
    }

    /** Takes up the entry that was added last. */
    public void added() {
        if (entries.slots() == newestField.length) {
            link(entries.nextNumber() - 1);
        } else {
            rebuild();
        }
    }

    /** The newest entry with this name and value, or {@link #NONE}. */
    public long findField(HPackName name, String value) {
        if (entries.count() == 0) {
            return NONE;
        }
        long oldest = entries.oldestNumber();
        long number = newestField[slot(hash(name, value))];
        while (number >= oldest) {
            if (entries.value(number).equals(value) && isName(number, name)) {
                return number;
            }
            number = olderField[slot((int) number)];
        }
        return NONE;
    }

    /**
     * The newest entry with this name, or {@link #NONE}.
     *
     * @param oldest what its number must be at least
     * @param below what its number must be below
     */
    public long findName(HPackName name, long oldest, long below) {
        if (entries.count() == 0) {
            return NONE;
        }
        long number = newestName[slot(hash(name))];
        while (number >= oldest) {
            if (number < below && isName(number, name)) {
                return number;
            }
            number = olderName[slot((int) number)];
        }
        return NONE;
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
    public static int hash(HPackName name, String value) {
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
