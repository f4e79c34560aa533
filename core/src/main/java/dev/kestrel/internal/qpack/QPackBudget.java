package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackResult;

/**
 * Counts the fields of a section and their octets against the limits. Answers header bombs by
 * references to large entries (CVE-2025-64702): each counts in full.
 *
 * <p>Belongs to a {@link QPackFieldSection}.
 */
final class QPackBudget {

    private final HPackLimits limits;
    private long listSize;
    private int fields;
    private HPackResult result = HPackResult.WITHIN_LIMITS;

    QPackBudget(HPackLimits limits) {
        this.limits = limits;
    }

    void begin() {
        listSize = 0;
        fields = 0;
        result = HPackResult.WITHIN_LIMITS;
    }

    HPackResult result() {
        return result;
    }

    /** Whether a field of so many octets would be handed on; when not it need not be built. */
    boolean hasRoom(long octets) {
        return isWithinLimits()
                && fields < limits.maxFields()
                && listSize + octets + HPackDynamicTable.ENTRY_OVERHEAD <= limits.maxListSize();
    }

    /** Whether fields are handed on; when not they need not be built. */
    boolean isWithinLimits() {
        return result == HPackResult.WITHIN_LIMITS;
    }

    int maxStringLength() {
        return limits.maxStringLength();
    }

    /** Counts a field of so many octets. */
    void add(long octets) {
        fields++;
        listSize += octets + HPackDynamicTable.ENTRY_OVERHEAD;
        if (listSize > limits.maxListSize()) {
            result =
                    isFarTooLarge(listSize)
                            ? HPackResult.LIST_FAR_TOO_LARGE
                            : HPackResult.LIST_TOO_LARGE;
        }
        if (fields > limits.maxFields() && !result.isFatal()) {
            if (fields > 2L * limits.maxFields()) {
                result = HPackResult.FAR_TOO_MANY_FIELDS;
            } else if (result == HPackResult.WITHIN_LIMITS) {
                result = HPackResult.TOO_MANY_FIELDS;
            }
        }
    }

    /** Looks at a field that is on its way and has so many octets at least. */
    void expect(long octets) {
        if (isFarTooLarge(listSize + octets + HPackDynamicTable.ENTRY_OVERHEAD)) {
            result = HPackResult.LIST_FAR_TOO_LARGE;
        }
    }

    private boolean isFarTooLarge(long size) {
        return size > 2L * limits.maxListSize();
    }
}
