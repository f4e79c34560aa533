package dev.kestrel.internal.hpack;

/**
 * How much a header block may hold. Up to twice {@code maxListSize} and {@code maxFields} a block
 * is still decoded, so that the request can be answered with 431 and the connection goes on; beyond
 * that decoding stops.
 *
 * <p>Answers header bombs by indexed references (CVE-2026-49975) with the count and the 32 octets
 * an entry, and Huffman bombs with the limit of a string (CVE-2022-41723).
 *
 * @param maxStringLength octets of a name or a value, coded and decoded
 * @param maxListSize octets of all names and values and 32 a field (RFC 9113 section 6.5.2)
 * @param maxFields fields of a block, each cookie crumb and pseudo-header counted
 */
public record HPackLimits(int maxStringLength, int maxListSize, int maxFields) {

    /** Checks that all are at least one. */
    public HPackLimits {
        if (maxStringLength < 1 || maxListSize < 1 || maxFields < 1) {
            throw new IllegalArgumentException("HPACK limits must be at least 1");
        }
    }
}
