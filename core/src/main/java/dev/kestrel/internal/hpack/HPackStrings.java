package dev.kestrel.internal.hpack;

import dev.kestrel.internal.hpack.HPackException.Reason;

import java.nio.charset.StandardCharsets;

/** Reads string literals (RFC 7541 section 5.2) of a bounded length. */
final class HPackStrings {

    private static final byte[] NOTHING = new byte[0];

    /** What is kept between blocks, so that an idle connection holds next to nothing. */
    private static final int KEPT = 1024;

    private final int maxLength;
    private byte[] decoded = NOTHING;

    // The octets of the literal that open() has found.
    private byte[] octets = NOTHING;
    private int from;
    private int to;
    private int next;

    HPackStrings(int maxLength) {
        this.maxLength = maxLength;
    }

    /** Refuses a literal by the length in front of it, before anything is kept or decoded. */
    void checkLength(int length) throws HPackException {
        if (length > maxLength) {
            throw Reason.STRING_TOO_LONG.exception();
        }
    }

    /** Reads a name that is all there; known ones are existing objects. */
    HPackName readName(byte[] array, int at) throws HPackException {
        open(array, at);
        if (from == to) {
            throw Reason.EMPTY_NAME.exception();
        }
        return HPackName.of(octets, from, to);
    }

    /** Reads a value that is all there. */
    String readValue(byte[] array, int at) throws HPackException {
        open(array, at);
        return text();
    }

    /** Where the octet after the last literal is. */
    int next() {
        return next;
    }

    void release() {
        octets = NOTHING;
        if (decoded.length > KEPT) {
            decoded = NOTHING;
        }
    }

    private void open(byte[] array, int at) throws HPackException {
        long length = HPackIntegers.decode(array, at, array.length, 7);
        int start = HPackIntegers.next(length);
        next = start + HPackIntegers.value(length);
        if (array[at] >= 0) {
            octets = array;
            from = start;
            to = next;
            return;
        }
        int room = (int) Math.min(maxLength, Huffman.maxDecodedLength(next - start));
        if (decoded.length < room) {
            decoded = new byte[Math.max(room, Math.min(maxLength, 256))];
        }
        to = Huffman.decode(array, start, next, decoded, maxLength);
        from = 0;
        octets = decoded;
    }

    private String text() {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
