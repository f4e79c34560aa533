package dev.kestrel.internal.qpack;

import dev.kestrel.internal.qpack.QPackException.Reason;

/** The Required Insert Count as it is sent: modulo twice what the table holds (section 4.5.1.1). */
final class QPackInsertCount {

    /** Section 3.2.1: the smallest entry has neither name nor value. */
    private static final int SMALLEST_ENTRY = 32;

    private QPackInsertCount() {}

    /** The most entries of a table with this maximum capacity. */
    static long maxEntries(long maxTableCapacity) {
        return maxTableCapacity / SMALLEST_ENTRY;
    }

    /** What is sent for a count. */
    static long encode(long required, long maxEntries) {
        return required == 0 ? 0 : required % (2 * maxEntries) + 1;
    }

    /**
     * What was meant.
     *
     * @param inserts how many entries the decoder has got so far
     */
    static long decode(long encoded, long maxEntries, long inserts) throws QPackException {
        if (encoded == 0) {
            return 0;
        }
        long fullRange = 2 * maxEntries;
        if (encoded > fullRange) {
            throw Reason.INVALID_INSERT_COUNT.exception();
        }
        long maxValue = inserts + maxEntries;
        long maxWrapped = maxValue / fullRange * fullRange;
        long required = maxWrapped + encoded - 1;
        if (required > maxValue) {
            if (required <= fullRange) {
                throw Reason.INVALID_INSERT_COUNT.exception();
            }
            required -= fullRange;
        }
        if (required == 0) {
            throw Reason.INVALID_INSERT_COUNT.exception();
        }
        return required;
    }
}
