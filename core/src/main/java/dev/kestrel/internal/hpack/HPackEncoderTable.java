package dev.kestrel.internal.hpack;

import java.util.Arrays;

/**
 * The encoder's dynamic table, with chains of equal hashes that find an entry by name or by name
 * and value. A chain leads from newer to older entries; as the oldest are dropped first, it ends
 * where an entry is no longer there, and nothing has to be taken out of it.
 */
final class HPackEncoderTable {

    private static final long NONE = -1;

    private final HPackDynamicTable entries;

    // By hash, the newest entry; by entry, the next older one of the same hash.
    private long[] newestField = new long[0];
    private long[] newestName = new long[0];
    private long[] olderField = new long[0];
    private long[] olderName = new long[0];

    HPackEncoderTable(int maxSize) {
        entries = new HPackDynamicTable(maxSize);
    }

    int maxSize() {
        return entries.maxSize();
    }

    int size() {
        return entries.size();
    }

    void resize(int maxSize) {
        entries.resize(maxSize);
    }

    /** The index of the newest entry with this name and value, or zero. */
    int findField(HPackName name, String value) {
        if (entries.count() == 0) {
            return 0;
        }
        long oldest = entries.oldestNumber();
        long number = newestField[slot(fieldHash(name, value))];
        while (number >= oldest) {
            if (entries.value(number).equals(value) && isName(number, name)) {
                return indexOf(number);
            }
            number = olderField[slot((int) number)];
        }
        return 0;
    }

    /** The index of the newest entry with this name, or zero. */
    int findName(HPackName name) {
        if (entries.count() == 0) {
            return 0;
        }
        long oldest = entries.oldestNumber();
        long number = newestName[slot(nameHash(name))];
        while (number >= oldest) {
            if (isName(number, name)) {
                return indexOf(number);
            }
            number = olderName[slot((int) number)];
        }
        return 0;
    }

    void add(HPackName name, String value) {
        long number = entries.nextNumber();
        entries.add(name, value);
        if (entries.nextNumber() == number) {
            return;
        }
        if (entries.slots() != newestField.length) {
            rebuild();
        } else {
            link(number);
        }
    }

    private void link(long number) {
        int own = slot((int) number);
        HPackName name = entries.name(number);
        int byField = slot(fieldHash(name, entries.value(number)));
        olderField[own] = newestField[byField];
        newestField[byField] = number;
        int byName = slot(nameHash(name));
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

    private int indexOf(long number) {
        return HPackStaticTable.SIZE + (int) (entries.nextNumber() - number);
    }

    private int slot(int hash) {
        return hash & newestField.length - 1;
    }

    private static int fieldHash(HPackName name, String value) {
        return spread(31 * name.text().hashCode() + value.hashCode());
    }

    private static int nameHash(HPackName name) {
        return spread(name.text().hashCode());
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
