package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.Huffman;

/** Writes string literals (RFC 9204 section 4.1.2), Huffman-coded where that is shorter. */
final class QPackLiterals {

    private QPackLiterals() {}

    /**
     * How many octets the string has as it is sent.
     *
     * @throws IllegalArgumentException when a character is no octet
     */
    static int codedLength(String text) {
        return Math.min(text.length(), Huffman.encodedLength(text));
    }

    /**
     * How many octets {@link #write} writes.
     *
     * @param coded the {@link #codedLength}
     * @param bits of its length
     */
    static long length(int coded, int bits) {
        return (long) QPackInteger.length(coded, bits) + coded;
    }

    /**
     * Writes a string; there must be room for {@link #length}.
     *
     * @param coded the {@link #codedLength}
     * @param bits of its length; in front of them is the bit of the Huffman code
     * @param flags the bits in front of both
     * @return where the next octet goes
     */
    static int write(String text, int coded, int bits, int flags, byte[] array, int at) {
        if (coded < text.length()) {
            int next = QPackInteger.write(coded, bits, flags | 1 << bits, array, at);
            return Huffman.encode(text, array, next);
        }
        int next = QPackInteger.write(coded, bits, flags, array, at);
        for (int i = 0; i < text.length(); i++) {
            array[next++] = (byte) text.charAt(i);
        }
        return next;
    }
}
