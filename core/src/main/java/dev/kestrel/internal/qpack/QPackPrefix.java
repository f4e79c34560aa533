package dev.kestrel.internal.qpack;

import dev.kestrel.internal.qpack.QPackException.Reason;

/**
 * The prefix of a field section (RFC 9204 section 4.5.1), which says how many entries it needs, and
 * from where its references count.
 *
 * <p>Belongs to a {@link QPackFieldSection}.
 */
final class QPackPrefix {

    /** What {@link #parse} answers when more octets are needed. */
    static final int INCOMPLETE = -1;

    private static final int INSERT_COUNT_BITS = 8;
    private static final int BASE_BITS = 7;

    private final QPackInteger integer;

    private long encodedInsertCount;
    private boolean negative;
    private long deltaBase;
    private long requiredInsertCount;
    private long base;

    QPackPrefix(QPackInteger integer) {
        this.integer = integer;
    }

    void begin() {
        requiredInsertCount = 0;
        base = 0;
    }

    /**
     * Parses the prefix.
     *
     * @return how many octets it has, or {@link #INCOMPLETE}
     */
    int parse(byte[] array, int at, int to) throws QPackException {
        if (at == to) {
            return INCOMPLETE;
        }
        int next = read(array, at, to, INSERT_COUNT_BITS);
        if (next == INCOMPLETE || next == to) {
            return INCOMPLETE;
        }
        encodedInsertCount = integer.value();
        negative = array[next] < 0;
        next = read(array, next, to, BASE_BITS);
        deltaBase = integer.value();
        return next == INCOMPLETE ? INCOMPLETE : next - at;
    }

    private int read(byte[] array, int at, int to, int bits) throws QPackException {
        int next = integer.read(array, at, to, bits);
        if (next == QPackInteger.TOO_LARGE) {
            throw Reason.INTEGER_TOO_LARGE.exception();
        }
        return next;
    }

    /** Finds out what was meant, now that all is there. */
    void resolve(long maxEntries, long inserts) throws QPackException {
        requiredInsertCount = QPackInsertCount.decode(encodedInsertCount, maxEntries, inserts);
        if (!negative) {
            base = requiredInsertCount + deltaBase;
        } else if (requiredInsertCount <= deltaBase) {
            throw Reason.INVALID_BASE.exception();
        } else {
            base = requiredInsertCount - deltaBase - 1;
        }
    }

    long requiredInsertCount() {
        return requiredInsertCount;
    }

    /** Section 3.2.5: the number of an entry, negative when there can be none. */
    long relative(long index) {
        return base - 1 - index;
    }

    /** Section 3.2.6: the number of an entry, negative when there can be none. */
    long postBase(long index) {
        // Beyond 63 bits it becomes negative, as there is none either.
        return base + index;
    }
}
