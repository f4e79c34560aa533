package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackFieldIndex;
import dev.kestrel.internal.hpack.HPackIndexing;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.LowerCaseNames;
import dev.kestrel.internal.qpack.QPackException.Reason;

/**
 * The dynamic table of our responses: what our encoder stream says to fill the peer's copy of it,
 * and what the peer's decoder stream says of it (RFC 9204 sections 2.1, 4.3 and 4.4). The sections
 * are written by {@link QPackHeaderWriter}.
 *
 * <p>Before the peer's SETTINGS have come, and when they do not allow a table, only the static
 * table is used and there are no instructions. A stream never risks to be blocked beyond what the
 * peer allows. A field is inserted when it is sent for the second time, so that a connection with a
 * request or two does without.
 *
 * <p>One encoder serves one connection, under a lock of the connection that those hold who begin a
 * section, too.
 */
public final class QPackEncoder {

    /** RFC 9204 section 2.1.3: nothing is inserted while so much waits for the peer's credit. */
    private static final int MAX_PENDING = 4096;

    private static final int HISTORY = 128;

    private final int tableCapacityCap;
    private final HPackIndexingPolicy policy;
    private final QPackEncoderTable table = new QPackEncoderTable();
    private final QPackReferences references = new QPackReferences();
    private final QPackReplies replies = new QPackReplies();
    private final QPackReplies.Sink replied = new Replied();
    private final QPackInsertWriter inserts = new QPackInsertWriter(table);
    private final LowerCaseNames names = new LowerCaseNames();
    private int[] history = new int[0];

    private boolean peerSettingsCame;
    private long peerMaxEntries;
    private long peerBlockedStreams;
    private long knownReceived;

    // Of the section that is begun.
    private boolean usesTable;
    private long referableBelow;
    private long oldestReference;
    private long requiredInsertCount;

    /**
     * Makes the encoder of a connection.
     *
     * @param tableCapacityCap octets of dynamic table that this side spends at most, whatever the
     *     peer offers; zero for none
     */
    public QPackEncoder(int tableCapacityCap, HPackIndexingPolicy policy) {
        if (tableCapacityCap < 0) {
            throw new IllegalArgumentException("The capacity can not be " + tableCapacityCap);
        }
        this.tableCapacityCap = tableCapacityCap;
        this.policy = policy;
    }

    /**
     * Follows the peer's SETTINGS, once.
     *
     * @param maxTableCapacity SETTINGS_QPACK_MAX_TABLE_CAPACITY, zero or more
     * @param maxBlockedStreams SETTINGS_QPACK_BLOCKED_STREAMS, zero or more
     */
    public void setPeerSettings(long maxTableCapacity, long maxBlockedStreams) {
        if (peerSettingsCame) {
            throw new IllegalStateException("SETTINGS come once");
        }
        peerSettingsCame = true;
        peerMaxEntries = QPackInsertCount.maxEntries(maxTableCapacity);
        peerBlockedStreams = maxBlockedStreams;
        table.setCapacity((int) Math.min(maxTableCapacity, tableCapacityCap));
        if (table.capacity() > 0) {
            history = new int[HISTORY];
        }
    }

    /**
     * Follows octets of the peer's decoder stream, cut anywhere.
     *
     * @throws QPackException an error of the connection
     */
    public void onDecoderStream(byte[] array, int from, int to) throws QPackException {
        replies.read(array, from, to, replied);
    }

    private final class Replied implements QPackReplies.Sink {

        /** RFC 9204 section 4.4.1. */
        @Override
        public void onAcknowledgment(long streamId) throws QPackException {
            long acknowledged = references.acknowledge(streamId);
            if (acknowledged == 0) {
                throw Reason.INVALID_ACKNOWLEDGMENT.exception();
            }
            knownReceived = Math.max(knownReceived, acknowledged);
        }

        /** RFC 9204 section 4.4.2. */
        @Override
        public void onCancellation(long streamId) {
            references.cancel(streamId);
        }

        /** RFC 9204 section 4.4.3. */
        @Override
        public void onIncrement(long increment) throws QPackException {
            if (increment == 0 || increment > table.insertCount() - knownReceived) {
                throw Reason.INVALID_INCREMENT.exception();
            }
            knownReceived += increment;
        }
    }

    /** Whether there is something to write to our encoder stream. */
    public boolean hasInstructions() {
        return !inserts.pending().isEmpty();
    }

    /**
     * Writes what our encoder stream has to say, as much as there is room for. Sections may be sent
     * before or after it, but before it they block their streams for sure.
     *
     * @return where the next octet goes
     */
    public int writeInstructions(byte[] array, int at, int to) {
        return inserts.pending().moveTo(array, at, to);
    }

    /** Remembers the names that applications use. */
    LowerCaseNames names() {
        return names;
    }

    /** Gets ready for the fields of a section. */
    void beginSection() {
        usesTable = table.capacity() > 0 && !references.isFull();
        oldestReference = Long.MAX_VALUE;
        requiredInsertCount = 0;
        referableBelow = knownReceived;
        if (usesTable && references.atRisk(knownReceived) < peerBlockedStreams) {
            // RFC 9204 section 2.1.2: this stream may be blocked.
            referableBelow = Long.MAX_VALUE;
        }
    }

    /** The section will be sent; returns the count that it requires. */
    long endSection(long streamId) {
        if (requiredInsertCount > 0) {
            references.add(streamId, requiredInsertCount, oldestReference);
        }
        return requiredInsertCount;
    }

    /** RFC 9204 section 4.5.1.1. */
    long encodedInsertCount() {
        return QPackInsertCount.encode(requiredInsertCount, peerMaxEntries);
    }

    /**
     * Decides how a field is sent, and inserts it if that is worth it.
     *
     * @param value one character an octet
     * @return a {@link QPackRepresentation}
     * @throws IllegalArgumentException when the value has a character that is no octet
     */
    long choose(HPackName name, String value) {
        HPackIndexing indexing = policy.choose(name, value);
        boolean never = indexing == HPackIndexing.NEVER_INDEXED;
        int nameIndex = QPackStaticTable.findName(name);
        if (!never) {
            int index = QPackStaticTable.findValue(nameIndex, value);
            if (index != QPackStaticTable.NONE) {
                return QPackRepresentation.indexedStatic(index);
            }
        }
        if (usesTable && indexing == HPackIndexing.INDEXED) {
            long number = entryFor(name, value, nameIndex);
            if (number != QPackEncoderTable.NONE) {
                return QPackRepresentation.indexedDynamic(refer(number));
            }
        }
        if (nameIndex != QPackStaticTable.NONE) {
            return QPackRepresentation.staticName(nameIndex, never);
        }
        long number = usesTable ? table.findName(name, referableBelow) : QPackEncoderTable.NONE;
        return number == QPackEncoderTable.NONE
                ? QPackRepresentation.literalName(never)
                : QPackRepresentation.dynamicName(refer(number), never);
    }

    /** An entry of this field that the section may refer to, perhaps a new one. */
    private long entryFor(HPackName name, String value, int nameIndex) {
        long octets = HPackDynamicTable.entrySize(name, value);
        // What would take most of the table is not worth pushing all else out, or even to be
        // hashed.
        if (octets > table.capacity() / 2) {
            return QPackEncoderTable.NONE;
        }
        long number = table.find(name, value);
        if (number == QPackEncoderTable.NONE) {
            if (!wasSent(name, value) || !canInsert(octets)) {
                return QPackEncoderTable.NONE;
            }
            number = inserts.insert(name, value, nameIndex);
        } else if (number < table.draining()) {
            if (!canInsert(octets)) {
                return QPackEncoderTable.NONE;
            }
            number = inserts.duplicate(number);
        }
        return number < referableBelow ? number : QPackEncoderTable.NONE;
    }

    /** RFC 9204 section 2.1.1: only what is acknowledged and not referred to is evicted. */
    private boolean canInsert(long octets) {
        return inserts.pending().size() < MAX_PENDING
                && table.hasRoom(
                        octets, Math.min(oldestReference, references.oldest(knownReceived)));
    }

    private long refer(long number) {
        oldestReference = Math.min(oldestReference, number);
        requiredInsertCount = Math.max(requiredInsertCount, number + 1);
        return number;
    }

    /** Whether the field is among the last that were not found in a table; from now on it is. */
    private boolean wasSent(HPackName name, String value) {
        // Never zero, which is what nothing has left.
        int hash = HPackFieldIndex.hash(name, value) | 1;
        int slot = hash >>> 1 & HISTORY - 1;
        boolean sent = history[slot] == hash;
        history[slot] = hash;
        return sent;
    }
}
