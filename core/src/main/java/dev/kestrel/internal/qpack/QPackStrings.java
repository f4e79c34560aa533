package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.Huffman;

import java.nio.charset.StandardCharsets;

/** Reads string literals (RFC 9204 section 4.1.2) that are all there, of a bounded length. */
final class QPackStrings {

    /** A name that no field may have, though an entry may. */
    static final HPackName EMPTY_NAME = HPackName.of("");

    private static final byte[] NOTHING = new byte[0];
    private static final int LEAST = 256;

    /** What is kept between sections, so that an idle connection holds next to nothing. */
    private static final int KEPT = 1024;

    private byte[] decoded = NOTHING;

    // The octets of the literal that was opened.
    private byte[] octets = NOTHING;
    private int from;
    private int to;

    /** Opens the name of a line. */
    void openName(QPackLine line, byte[] array, int limit) throws HPackException {
        open(array, line.nameStart(), line.nameLength(), line.isNameCoded(), limit);
    }

    /** Opens the value of a line. */
    void openValue(QPackLine line, byte[] array, int limit) throws HPackException {
        open(array, line.valueStart(), line.valueLength(), line.isValueCoded(), limit);
    }

    /** How many octets it has, without the Huffman code. */
    int length() {
        return to - from;
    }

    /** The text of what was opened, one character an octet. */
    String text() {
        return from == to ? "" : new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The name that was opened; known ones are existing objects. */
    HPackName name() {
        return from == to ? EMPTY_NAME : HPackName.of(octets, from, to);
    }

    void release() {
        octets = NOTHING;
        if (decoded.length > KEPT) {
            decoded = NOTHING;
        }
    }

    /** Fails when the code is wrong, or there are more octets than the limit. */
    private void open(byte[] array, int start, int length, boolean coded, int limit)
            throws HPackException {
        if (!coded) {
            if (length > limit) {
                throw HPackException.Reason.STRING_TOO_LONG.exception();
            }
            octets = array;
            from = start;
            to = start + length;
            return;
        }
        int room = (int) Math.min(limit, Huffman.maxDecodedLength(length));
        if (decoded.length < room) {
            decoded = new byte[Math.max(room, Math.min(limit, LEAST))];
        }
        to = Huffman.decode(array, start, start + length, decoded, limit);
        from = 0;
        octets = decoded;
    }
}
