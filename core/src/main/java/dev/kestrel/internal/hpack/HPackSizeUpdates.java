package dev.kestrel.internal.hpack;

import dev.kestrel.internal.hpack.HPackException.Reason;

/**
 * The rules for table size updates that a decoder receives (RFC 7541 sections 4.2 and 6.3): at most
 * two, at the start of a block, none over the limit; and one that has to come when the limit went
 * below what the table is.
 */
final class HPackSizeUpdates {

    private static final int MOST = 2;

    private final HPackDynamicTable table;
    private int limit;

    /** The lowest limit since the last block, which the first update must respect. */
    private int lowest;

    private int seen;

    HPackSizeUpdates(HPackDynamicTable table, int limit) {
        this.table = table;
        this.limit = limit;
        this.lowest = limit;
    }

    void setLimit(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("The table size can not be " + size);
        }
        limit = size;
        lowest = Math.min(lowest, size);
    }

    void beginBlock() {
        seen = 0;
    }

    void update(int size) throws HPackException {
        if (++seen > MOST) {
            throw Reason.MISPLACED_SIZE_UPDATE.exception();
        }
        if (size > limit) {
            throw Reason.SIZE_UPDATE_TOO_LARGE.exception();
        }
        // The smallest size comes first: the encoder has dropped what did not fit it.
        if (table.maxSize() > lowest && size > lowest) {
            throw Reason.MISSING_SIZE_UPDATE.exception();
        }
        table.resize(size);
        lowest = limit;
    }

    /** Called before the first field, and at the end of a block without one. */
    void requireDone() throws HPackException {
        if (table.maxSize() > lowest) {
            throw Reason.MISSING_SIZE_UPDATE.exception();
        }
        lowest = limit;
    }
}
