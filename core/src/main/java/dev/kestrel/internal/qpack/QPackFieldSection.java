package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackDynamicTable;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackPartialField;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.qpack.QPackException.Reason;

/**
 * Decodes the field sections of a stream (RFC 9204 section 4.5), one after another, whole or in the
 * pieces in which their frames come:
 *
 * <pre>{@code
 * section.begin(streamId);
 * int at = section.readPrefix(array, from, to, last);
 * // wait for more when !section.isPrefixComplete(), for inserts while section.isBlocked()
 * HPackResult result = section.decode(array, at, to, last, sink);
 * }</pre>
 *
 * <p>While a section is blocked, nothing but its prefix is taken, so that the rest can stay where
 * it is, inside the stream's flow control (RFC 9204 section 2.2.1).
 *
 * <p>Belongs to a stream, which may keep it for the next request; it may be used under the lock of
 * its {@link QPackDecoder} only.
 */
public final class QPackFieldSection {

    private static final int LITERAL = 0x40;
    private static final int LITERAL_NAME = 0x20;
    private static final int INDEXED_POST_BASE = 0x10;

    private final QPackDecoder decoder;
    private final HPackDynamicTable table;
    private final QPackStrings strings;
    private final QPackLine line;
    private final QPackBudget budget;
    private final QPackPrefix prefix;
    private final HPackPartialField partial = new HPackPartialField();

    private long streamId;
    private boolean prefixComplete;
    private boolean waiting;

    /** One more than the highest entry that a field has referred to. */
    private long referred;

    /** Makes the sections of a stream. */
    public QPackFieldSection(QPackDecoder decoder, HPackLimits limits) {
        this.decoder = decoder;
        table = decoder.table();
        strings = decoder.strings();
        line = decoder.line();
        budget = new QPackBudget(limits);
        prefix = new QPackPrefix(decoder.integer());
    }

    /** Gets ready for a section: the first of a stream, or trailers, which have limits anew. */
    public void begin(long newStreamId) {
        stopWaiting();
        streamId = newStreamId;
        prefixComplete = false;
        referred = 0;
        partial.clear();
        partial.release();
        budget.begin();
        prefix.begin();
    }

    /** The stream of {@link #begin}. */
    public long streamId() {
        return streamId;
    }

    /**
     * Reads the prefix. When it is complete and asks for entries that are not there yet, the stream
     * is blocked from now on.
     *
     * @param last whether the section ends here
     * @return where the next octet is: {@code to} while the prefix is not complete
     * @throws QPackException when the prefix is wrong, or too many streams are blocked
     */
    public int readPrefix(byte[] array, int from, int to, boolean last) throws QPackException {
        if (prefixComplete) {
            return from;
        }
        int at = from;
        int length = QPackPrefix.INCOMPLETE;
        if (partial.isEmpty()) {
            length = prefix.parse(array, from, to);
            if (length == QPackPrefix.INCOMPLETE) {
                partial.begin(array, from, to, 1);
                at = to;
            } else {
                at += length;
            }
        }
        while (length == QPackPrefix.INCOMPLETE && at < to) {
            at = partial.add(array, at, to);
            length = prefix.parse(partial.array(), 0, partial.length());
            partial.expect(1);
        }
        if (length != QPackPrefix.INCOMPLETE) {
            partial.clear();
            completePrefix();
        } else if (last) {
            throw Reason.INCOMPLETE_SECTION.exception();
        }
        return at;
    }

    private void completePrefix() throws QPackException {
        prefix.resolve(decoder.maxEntries(), decoder.insertCount());
        prefixComplete = true;
        if (isBlocked()) {
            decoder.block(this);
            waiting = true;
        }
    }

    /** Whether fields are next. */
    public boolean isPrefixComplete() {
        return prefixComplete;
    }

    /** The {@link QPackDecoder#insertCount} from which on the section can be decoded. */
    public long requiredInsertCount() {
        return prefix.requiredInsertCount();
    }

    /** Whether the section waits for entries. It can not be decoded before they are there. */
    public boolean isBlocked() {
        return prefixComplete && requiredInsertCount() > decoder.insertCount();
    }

    /**
     * Decodes a piece of the section, behind its prefix. At the end of a section that needed the
     * dynamic table, the decoder has an acknowledgment to write.
     *
     * <p>A fatal result is an error of the stream: decoding has stopped, nothing else of the
     * section is looked at, and the stream is to be {@linkplain QPackDecoder#cancelStream
     * cancelled}. The connection goes on, for sections do not change the table.
     *
     * @param last whether the section ends here
     * @param sink takes the fields, in order
     * @return how the section stands so far
     * @throws QPackException mostly an error of the connection
     */
    public HPackResult decode(byte[] array, int from, int to, boolean last, HPackSink sink)
            throws QPackException {
        if (!prefixComplete || isBlocked()) {
            throw new IllegalStateException("The section can not be decoded yet");
        }
        stopWaiting();
        int at = partial.isEmpty() ? from : finishPartial(array, from, to, sink);
        while (at < to && !budget.result().isFatal()) {
            int length = parse(array, at, to);
            if (length < 0) {
                partial.begin(array, at, to, -length);
                break;
            }
            decodeLine(array, at, sink);
            at += length;
        }
        if (budget.result().isFatal()) {
            partial.clear();
            release();
        } else if (last) {
            end();
        }
        return budget.result();
    }

    private void stopWaiting() {
        if (waiting) {
            waiting = false;
            decoder.unblock(this);
        }
    }

    private void end() throws QPackException {
        if (!partial.isEmpty()) {
            throw Reason.INCOMPLETE_SECTION.exception();
        }
        // RFC 9204 section 2.2.1 leaves this to the decoder: who claims more than the fields need
        // blocks streams for nothing.
        if (referred != requiredInsertCount()) {
            throw Reason.INSERT_COUNT_TOO_LARGE.exception();
        }
        if (referred > 0) {
            decoder.acknowledge(streamId, referred);
        }
        release();
    }

    private void release() {
        partial.release();
        strings.release();
    }

    /** Goes on with the field that a piece before has begun; returns where the next one is. */
    private int finishPartial(byte[] array, int from, int to, HPackSink sink)
            throws QPackException {
        int at = from;
        while (at < to && !budget.result().isFatal()) {
            at = partial.add(array, at, to);
            if (partial.missing() > 0) {
                break;
            }
            int length = parse(partial.array(), 0, partial.length());
            if (length > 0) {
                decodeLine(partial.array(), 0, sink);
                partial.clear();
                break;
            }
            partial.expect(-length);
        }
        return at;
    }

    /** How many octets a field line has, or minus the number that must come at least. */
    private int parse(byte[] array, int at, int to) throws QPackException {
        int kind = array[at];
        int length;
        if (kind < 0) {
            length = line.parseIndex(array, at, to, 6);
        } else if ((kind & LITERAL) != 0) {
            length = line.parseNameReference(array, at, to, 4);
        } else if ((kind & LITERAL_NAME) != 0) {
            length = line.parseName(array, at, to, 3);
        } else if ((kind & INDEXED_POST_BASE) != 0) {
            length = line.parseIndex(array, at, to, 4);
        } else {
            length = line.parseNameReference(array, at, to, 3);
        }
        if (length == QPackLine.INTEGER_TOO_LARGE) {
            throw Reason.INTEGER_TOO_LARGE.exception();
        }
        int most = budget.maxStringLength();
        if (length == QPackLine.STRING_TOO_LONG
                || line.nameLength() > most
                || line.valueLength() > most) {
            throw Reason.STRING_TOO_LONG.exception();
        }
        if (length < 0) {
            budget.expect(line.leastOctets());
        }
        return length;
    }

    private void decodeLine(byte[] array, int at, HPackSink sink) throws QPackException {
        int kind = array[at];
        if (kind < 0) {
            if ((kind & 0x40) != 0) {
                int index = staticIndex(line.index());
                take(QPackStaticTable.name(index), QPackStaticTable.value(index), sink);
            } else {
                takeEntry(refer(prefix.relative(line.index())), sink);
            }
        } else if ((kind & LITERAL) != 0) {
            HPackName name =
                    (kind & 0x10) != 0
                            ? QPackStaticTable.name(staticIndex(line.index()))
                            : table.name(refer(prefix.relative(line.index())));
            takeLiteral(name, array, sink);
        } else if ((kind & LITERAL_NAME) != 0) {
            takeLiteralName(array, sink);
        } else {
            long number = refer(prefix.postBase(line.index()));
            if ((kind & INDEXED_POST_BASE) != 0) {
                takeEntry(number, sink);
            } else {
                takeLiteral(table.name(number), array, sink);
            }
        }
    }

    private static int staticIndex(long index) throws QPackException {
        if (index >= QPackStaticTable.SIZE) {
            throw Reason.INVALID_REFERENCE.exception();
        }
        return (int) index;
    }

    /** RFC 9204 section 2.2.3: the entry is covered by the count, and not evicted. */
    private long refer(long number) throws QPackException {
        if (number < table.oldestNumber() || number >= requiredInsertCount()) {
            throw Reason.INVALID_REFERENCE.exception();
        }
        referred = Math.max(referred, number + 1);
        return number;
    }

    private void takeEntry(long number, HPackSink sink) throws QPackException {
        take(requireName(table.name(number)), table.value(number), sink);
    }

    private void takeLiteral(HPackName name, byte[] array, HPackSink sink) throws QPackException {
        requireName(name);
        openValue(array);
        budget.add((long) name.text().length() + strings.length());
        if (budget.isWithinLimits()) {
            sink.onField(name, strings.text());
        }
    }

    private void takeLiteralName(byte[] array, HPackSink sink) throws QPackException {
        try {
            strings.openName(line, array, budget.maxStringLength());
        } catch (HPackException e) {
            throw failure(e);
        }
        int nameLength = strings.length();
        HPackName name = QPackStrings.EMPTY_NAME;
        if (nameLength == 0) {
            throw Reason.EMPTY_NAME.exception();
        }
        if (budget.hasRoom(nameLength)) {
            name = strings.name();
        }
        openValue(array);
        budget.add((long) nameLength + strings.length());
        if (budget.isWithinLimits()) {
            sink.onField(name, strings.text());
        }
    }

    private void take(HPackName name, String value, HPackSink sink) {
        budget.add((long) name.text().length() + value.length());
        if (budget.isWithinLimits()) {
            sink.onField(name, value);
        }
    }

    private void openValue(byte[] array) throws QPackException {
        try {
            strings.openValue(line, array, budget.maxStringLength());
        } catch (HPackException e) {
            throw failure(e);
        }
    }

    private static HPackName requireName(HPackName name) throws QPackException {
        if (name.text().isEmpty()) {
            throw Reason.EMPTY_NAME.exception();
        }
        return name;
    }

    private static QPackException failure(HPackException e) {
        return e.reason() == HPackException.Reason.STRING_TOO_LONG
                ? Reason.STRING_TOO_LONG.exception()
                : Reason.INVALID_HUFFMAN.exception();
    }
}
