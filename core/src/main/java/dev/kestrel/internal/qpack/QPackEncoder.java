package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackIndexingPolicy;

/**
 * The dynamic table of our responses: what our encoder stream says to fill the peer's copy of it,
 * and what the peer's decoder stream says of it (RFC 9204 sections 2.1, 4.3 and 4.4). The sections
 * are written by {@link QPackHeaderWriter}.
 *
 * <p>Before the peer's SETTINGS have come, and when they do not allow a table, only the static
 * table is used and there are no instructions. A stream never risks to be blocked beyond what the
 * peer allows.
 *
 * <p>One encoder serves one connection, under a lock of the connection that those hold who begin a
 * section, too.
 */
public final class QPackEncoder {

    /**
     * Makes the encoder of a connection.
     *
     * @param tableCapacityCap octets of dynamic table that this side spends at most, whatever the
     *     peer offers; zero for none
     */
    public QPackEncoder(int tableCapacityCap, HPackIndexingPolicy policy) {}

    /**
     * Follows the peer's SETTINGS, once.
     *
     * @param maxTableCapacity SETTINGS_QPACK_MAX_TABLE_CAPACITY, zero or more
     * @param maxBlockedStreams SETTINGS_QPACK_BLOCKED_STREAMS, zero or more
     */
    public void setPeerSettings(long maxTableCapacity, long maxBlockedStreams) {
        throw new UnsupportedOperationException();
    }

    /**
     * Follows octets of the peer's decoder stream, cut anywhere.
     *
     * @throws QPackException an error of the connection
     */
    public void onDecoderStream(byte[] array, int from, int to) throws QPackException {
        throw new UnsupportedOperationException();
    }

    /** Whether there is something to write to our encoder stream. */
    public boolean hasInstructions() {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes what our encoder stream has to say, as much as there is room for. Sections may be sent
     * before or after it, but before it they block their streams for sure.
     *
     * @return where the next octet goes
     */
    public int writeInstructions(byte[] array, int at, int to) {
        throw new UnsupportedOperationException();
    }
}
