package dev.kestrel.internal.qpack;

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

    /**
     * Makes the decoder of a connection.
     *
     * @param maxTableCapacity our SETTINGS_QPACK_MAX_TABLE_CAPACITY; with zero there is no table
     * @param maxBlockedStreams our SETTINGS_QPACK_BLOCKED_STREAMS
     */
    public QPackDecoder(int maxTableCapacity, int maxBlockedStreams) {}

    /**
     * Follows octets of the peer's encoder stream, cut anywhere. Afterwards {@link #pollUnblocked}
     * and {@link #hasInstructions} may have news.
     *
     * @throws QPackException an error of the connection
     */
    public void onEncoderStream(byte[] array, int from, int to) throws QPackException {
        throw new UnsupportedOperationException();
    }

    /** How many entries were inserted: the sections that need no more can be decoded. */
    public long insertCount() {
        throw new UnsupportedOperationException();
    }

    /** How many streams wait for entries, at most as many as our SETTINGS allow. */
    public int blockedStreams() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a section that was blocked and is not any longer, in the order in which the entries
     * came; {@code null} when there is none (any more). Who waits for {@link
     * QPackFieldSection#isBlocked} instead need not call this.
     */
    public @Nullable QPackFieldSection pollUnblocked() {
        throw new UnsupportedOperationException();
    }

    /**
     * Says that a stream is not read to its end: it was reset, or nobody wants the rest (RFC 9204
     * section 2.2.2.2). A section of it that is blocked counts no longer. To be called once a
     * stream, and not when it was read to its end.
     *
     * @throws QPackException an error of the connection: too much waits to be written
     */
    public void cancelStream(long streamId) throws QPackException {
        throw new UnsupportedOperationException();
    }

    /** Whether there is something to write to our decoder stream. */
    public boolean hasInstructions() {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes what our decoder stream has to say, as much as there is room for: acknowledgments and
     * cancellations, and behind them how many entries were inserted, unless the peer knows.
     *
     * @return where the next octet goes
     */
    public int writeInstructions(byte[] array, int at, int to) {
        throw new UnsupportedOperationException();
    }
}
