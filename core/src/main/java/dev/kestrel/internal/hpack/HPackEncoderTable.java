package dev.kestrel.internal.hpack;

/** The encoder's dynamic table, whose entries are found by what they hold. */
final class HPackEncoderTable {

    private final HPackDynamicTable entries;
    private final HPackFieldIndex index;

    HPackEncoderTable(int maxSize) {
        entries = new HPackDynamicTable(maxSize);
        index = new HPackFieldIndex(entries);
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
        return indexOf(index.findField(name, value));
    }

    /** The index of the newest entry with this name, or zero. */
    int findName(HPackName name) {
        return indexOf(index.findName(name, entries.oldestNumber(), Long.MAX_VALUE));
    }

    void add(HPackName name, String value) {
        long number = entries.nextNumber();
        entries.add(name, value);
        // One that is larger than the table empties it, and is not there (RFC 7541 section 4.4).
        if (entries.nextNumber() > number) {
            index.added();
        }
    }

    private int indexOf(long number) {
        return number == HPackFieldIndex.NONE
                ? 0
                : HPackStaticTable.SIZE + (int) (entries.nextNumber() - number);
    }
}
