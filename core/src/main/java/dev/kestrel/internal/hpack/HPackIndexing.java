package dev.kestrel.internal.hpack;

/** How a field goes into a block, and so into the peer's table (RFC 7541 section 6.2). */
public enum HPackIndexing {
    /** Kept in the dynamic table, for it will be sent again. */
    INDEXED(6, 0x40),
    /** Not kept: its value will hardly be the same again. */
    NOT_INDEXED(4, 0x00),
    /**
     * A secret: never kept, by no intermediary either, so that nobody who can send fields through
     * the same table finds it out by trying (RFC 7541 section 7.1).
     */
    NEVER_INDEXED(4, 0x10);

    private final int prefixBits;
    private final int flags;

    HPackIndexing(int prefixBits, int flags) {
        this.prefixBits = prefixBits;
        this.flags = flags;
    }

    /** The bits of the name's index in a literal of this kind. */
    int prefixBits() {
        return prefixBits;
    }

    /** The bits in front of them. */
    int flags() {
        return flags;
    }
}
