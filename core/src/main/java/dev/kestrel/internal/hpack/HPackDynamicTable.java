package dev.kestrel.internal.hpack;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The dynamic table (RFC 7541 section 2.3.2): a ring of entries, the newest first, that drops the
 * oldest when its size goes over the limit. The arrays begin small and grow with the entries.
 *
 * <p>An entry has a number as well, that counts upwards from zero and stays while the entry is
 * there: the absolute index of RFC 9204 section 3.2.4.
 */
public final class HPackDynamicTable {

    /** RFC 7541 section 4.1: what an entry counts above its octets. */
    public static final int ENTRY_OVERHEAD = 32;

    private static final int INITIAL_SLOTS = 8;

    private @Nullable HPackName[] names = new HPackName[0];
    private @Nullable String[] values = new String[0];
    private int mask = -1;

    /** How many entries were ever added: the number of the next one. */
    private long added;

    private int count;
    private int size;
    private int maxSize;

    /** Makes an empty table of at most so many octets. */
    public HPackDynamicTable(int maxSize) {
        this.maxSize = maxSize;
    }

    /** What an entry counts; a long, for a field may have more octets than any table. */
    public static long entrySize(HPackName name, String value) {
        return (long) name.text().length() + value.length() + ENTRY_OVERHEAD;
    }

    /** How many entries there are. */
    public int count() {
        return count;
    }

    /** Octets with overhead, at most {@link #maxSize}. */
    public int size() {
        return size;
    }

    /** The limit of {@link #size}. */
    public int maxSize() {
        return maxSize;
    }

    /** How many entries fit the arrays; a power of two, or zero before the first. */
    public int slots() {
        return names.length;
    }

    /** The number that the next entry gets. */
    public long nextNumber() {
        return added;
    }

    /** The number of the oldest entry that is there; {@link #nextNumber} when there is none. */
    public long oldestNumber() {
        return added - count;
    }

    /** The name of the entry with a number. */
    public HPackName name(long number) {
        HPackName name = names[(int) number & mask];
        assert name != null;
        return name;
    }

    /** The value of the entry with a number. */
    public String value(long number) {
        String value = values[(int) number & mask];
        assert value != null;
        return value;
    }

    /** The number of an entry by its place, zero for the newest. */
    public long numberAt(int place) {
        return added - 1 - place;
    }

    /**
     * Adds an entry. One that is larger than the table leaves it empty, which is no error (RFC 7541
     * section 4.4).
     */
    public void add(HPackName name, String value) {
        long entrySize = entrySize(name, value);
        if (entrySize > maxSize) {
            evictTo(0);
            return;
        }
        evictTo(maxSize - (int) entrySize);
        if (count == names.length) {
            grow();
        }
        int slot = (int) added & mask;
        names[slot] = name;
        values[slot] = value;
        added++;
        count++;
        size += (int) entrySize;
    }

    /** Changes the limit and drops what no longer fits (RFC 7541 section 4.3). */
    public void resize(int newMaxSize) {
        maxSize = newMaxSize;
        evictTo(newMaxSize);
    }

    private void evictTo(int limit) {
        while (size > limit) {
            long oldest = oldestNumber();
            size -= (int) entrySize(name(oldest), value(oldest));
            names[(int) oldest & mask] = null;
            values[(int) oldest & mask] = null;
            count--;
        }
    }

    private void grow() {
        int slots = Math.max(INITIAL_SLOTS, names.length * 2);
        @Nullable HPackName[] newNames = Arrays.copyOf(names, slots);
        @Nullable String[] newValues = Arrays.copyOf(values, slots);
        Arrays.fill(newNames, null);
        Arrays.fill(newValues, null);
        for (long number = oldestNumber(); number < added; number++) {
            newNames[(int) number & slots - 1] = names[(int) number & mask];
            newValues[(int) number & slots - 1] = values[(int) number & mask];
        }
        names = newNames;
        values = newValues;
        mask = slots - 1;
    }
}
