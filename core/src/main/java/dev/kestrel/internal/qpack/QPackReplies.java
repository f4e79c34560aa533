package dev.kestrel.internal.qpack;

import dev.kestrel.internal.qpack.QPackException.Reason;

/**
 * Reads the instructions of the peer's decoder stream (RFC 9204 section 4.4), each an integer. They
 * may be cut anywhere.
 *
 * <p>Belongs to a {@link QPackEncoder}.
 */
final class QPackReplies {

    /** Follows what was read. */
    interface Sink {
        void onAcknowledgment(long streamId) throws QPackException;

        void onCancellation(long streamId);

        void onIncrement(long increment) throws QPackException;
    }

    private static final int CANCELLATION = 0x40;
    private static final int ACKNOWLEDGMENT_MASK = 0x7f;
    private static final int OTHER_MASK = 0x3f;
    private static final long MAX_VALUE = (1L << 62) - 1;

    /** The octets behind a prefix have 63 bits at most, of which zeros can not be piled up. */
    private static final int MAX_SHIFT = 63;

    private boolean inInteger;
    private int kind;
    private long value;
    private int shift;

    void read(byte[] array, int from, int to, Sink sink) throws QPackException {
        for (int i = from; i < to; i++) {
            int octet = array[i];
            if (!inInteger) {
                kind = octet;
                int mask = octet < 0 ? ACKNOWLEDGMENT_MASK : OTHER_MASK;
                value = octet & mask;
                shift = 0;
                inInteger = value == mask;
            } else {
                value += (octet & 0x7fL) << shift;
                shift += 7;
                if (value < 0 || value > MAX_VALUE || (octet < 0 && shift == MAX_SHIFT)) {
                    throw Reason.REPLY_INTEGER_TOO_LARGE.exception();
                }
                inInteger = octet < 0;
            }
            if (!inInteger) {
                apply(sink);
            }
        }
    }

    private void apply(Sink sink) throws QPackException {
        if (kind < 0) {
            sink.onAcknowledgment(value);
        } else if ((kind & CANCELLATION) != 0) {
            sink.onCancellation(value);
        } else {
            sink.onIncrement(value);
        }
    }
}
