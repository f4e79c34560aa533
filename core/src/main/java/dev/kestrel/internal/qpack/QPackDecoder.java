package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.qpack.QPackException.Reason;

import org.jspecify.annotations.Nullable;

/**
 * The dynamic table that the peer's encoder stream fills, the field sections that wait for it, and
 * what our decoder stream says about both (RFC 9204 sections 2.2, 4.3 and 4.4). The sections
 * themselves are decoded by {@link QPackFieldSection}, one a stream.
 *
 * <p>One decoder serves one connection. It and its sections are one unit: whoever calls a method of
 * either holds the connection's lock for the decoder. After an exception that is not a {@linkplain
 * QPackException#isStreamError() stream's} nothing of it can be used again.
 */
public final class QPackDecoder {

    /** RFC 9204 section 7.3: what may wait for a peer that does not read our decoder stream. */
    static final int MAX_PENDING = 32 * 1024;

    private static final int ACKNOWLEDGMENT = 0x80;
    private static final int ACKNOWLEDGMENT_BITS = 7;
    private static final int CANCELLATION = 0x40;
    private static final int CANCELLATION_BITS = 6;
    private static final int INCREMENT = 0x00;
    private static final int INCREMENT_BITS = 6;

    private final int maxTableCapacity;
    private final int maxBlockedStreams;
    private final HPackDynamicTable table = new HPackDynamicTable(0);
    private final QPackStrings strings = new QPackStrings();
    private final QPackLine line = new QPackLine();
    private final QPackInteger integer = new QPackInteger();
    private final QPackInserts inserts;
    private final QPackBlockedSections blocked = new QPackBlockedSections();
    private final QPackInstructionBuffer pending = new QPackInstructionBuffer();

    /** How many inserts the peer knows of, from what is pending or was written (2.1.4). */
    private long knownReceived;

    /**
     * Makes the decoder of a connection.
     *
     * @param maxTableCapacity our SETTINGS_QPACK_MAX_TABLE_CAPACITY; with zero there is no table
     * @param maxBlockedStreams our SETTINGS_QPACK_BLOCKED_STREAMS
     */
    public QPackDecoder(int maxTableCapacity, int maxBlockedStreams) {
        if (maxTableCapacity < 0 || maxBlockedStreams < 0) {
            throw new IllegalArgumentException("QPACK settings can not be negative");
        }
        this.maxTableCapacity = maxTableCapacity;
        this.maxBlockedStreams = maxBlockedStreams;
        inserts = new QPackInserts(table, maxTableCapacity, strings);
    }

    /**
     * Follows octets of the peer's encoder stream, cut anywhere. Afterwards {@link #pollUnblocked}
     * and {@link #hasInstructions} may have news.
     *
     * @throws QPackException an error of the connection
     */
    public void onEncoderStream(byte[] array, int from, int to) throws QPackException {
        inserts.read(array, from, to);
    }

    /** How many entries were inserted: the sections that need no more can be decoded. */
    public long insertCount() {
        return table.nextNumber();
    }

    /** How many streams wait for entries, at most as many as our SETTINGS allow. */
    public int blockedStreams() {
        return blocked.count(insertCount());
    }

    /**
     * Takes a section that was blocked and is not any longer, in the order in which the entries
     * came; {@code null} when there is none (any more). Who waits for {@link
     * QPackFieldSection#isBlocked} instead need not call this.
     */
    public @Nullable QPackFieldSection pollUnblocked() {
        return blocked.poll(insertCount());
    }

    /**
     * Says that a stream is not read to its end: it was reset, or nobody wants the rest (RFC 9204
     * section 2.2.2.2). A section of it that is blocked counts no longer. To be called once a
     * stream, and not when it was read to its end.
     *
     * @throws QPackException an error of the connection: too much waits to be written
     */
    public void cancelStream(long streamId) throws QPackException {
        blocked.removeStream(streamId);
        // Without a table the peer has no references that it could drop.
        if (maxTableCapacity > 0) {
            addInstruction(streamId, CANCELLATION_BITS, CANCELLATION);
        }
    }

    /** Whether there is something to write to our decoder stream. */
    public boolean hasInstructions() {
        return !pending.isEmpty() || knownReceived < insertCount();
    }

    /**
     * Writes what our decoder stream has to say, as much as there is room for: acknowledgments and
     * cancellations, and behind them how many entries were inserted, unless the peer knows.
     *
     * @return where the next octet goes
     */
    public int writeInstructions(byte[] array, int at, int to) {
        int next = pending.moveTo(array, at, to);
        long increment = insertCount() - knownReceived;
        if (increment == 0
                || !pending.isEmpty()
                || to - next < QPackInteger.length(increment, INCREMENT_BITS)) {
            return next;
        }
        knownReceived += increment;
        return QPackInteger.write(increment, INCREMENT_BITS, INCREMENT, array, next);
    }

    HPackDynamicTable table() {
        return table;
    }

    QPackStrings strings() {
        return strings;
    }

    QPackLine line() {
        return line;
    }

    QPackInteger integer() {
        return integer;
    }

    long maxEntries() {
        return QPackInsertCount.maxEntries(maxTableCapacity);
    }

    /** RFC 9204 section 2.1.2: one more stream is blocked, if that many may be. */
    void block(QPackFieldSection section) throws QPackException {
        if (blockedStreams() >= maxBlockedStreams) {
            throw Reason.TOO_MANY_BLOCKED_STREAMS.exception();
        }
        blocked.add(section);
    }

    void unblock(QPackFieldSection section) {
        blocked.remove(section);
    }

    /** RFC 9204 section 4.4.1: also says that the entries were received. */
    void acknowledge(long streamId, long requiredInsertCount) throws QPackException {
        addInstruction(streamId, ACKNOWLEDGMENT_BITS, ACKNOWLEDGMENT);
        knownReceived = Math.max(knownReceived, requiredInsertCount);
    }

    private void addInstruction(long value, int bits, int flags) throws QPackException {
        if (pending.size() >= MAX_PENDING) {
            throw Reason.TOO_MANY_PENDING_INSTRUCTIONS.exception();
        }
        pending.add(value, bits, flags);
    }
}
