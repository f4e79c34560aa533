package dev.kestrel.internal.qpack;

/**
 * What comes breaks RFC 9204, or is beyond what this server takes. There is one exception a reason,
 * without a stack trace.
 */
public final class QPackException extends Exception {

    /** RFC 9204 section 6: a field section could not be decoded. */
    public static final long QPACK_DECOMPRESSION_FAILED = 0x200;

    /** RFC 9204 section 6: an instruction of the peer's encoder stream is wrong. */
    public static final long QPACK_ENCODER_STREAM_ERROR = 0x201;

    /** RFC 9204 section 6: an instruction of the peer's decoder stream is wrong. */
    public static final long QPACK_DECODER_STREAM_ERROR = 0x202;

    /** RFC 9114 section 8.1: the peer makes more work than it should. */
    public static final long H3_EXCESSIVE_LOAD = 0x107;

    /** RFC 9114 section 8.1: the message is malformed. */
    public static final long H3_MESSAGE_ERROR = 0x10e;

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    private QPackException(Reason reason) {
        super(reason.message, null, false, false);
        this.reason = reason;
    }

    /** Which rule was broken. */
    public Reason reason() {
        return reason;
    }

    /** The error code that ends the connection, or the stream. */
    public long code() {
        return reason.code;
    }

    /**
     * Whether the other streams survive it: a value on a request stream is larger than this server
     * takes (RFC 9204 section 7.4), or a field has no name. The stream is then cancelled; all else
     * is an error of the connection.
     */
    public boolean isStreamError() {
        return reason.streamError;
    }

    /** The rules. */
    public enum Reason {
        /** Section 7.4: an integer over 62 bits, or with too many octets, in a field section. */
        INTEGER_TOO_LARGE(
                QPACK_DECOMPRESSION_FAILED, true, "A QPACK integer of a section is too large"),
        /** Section 7.4: a name or value over the limit of this server. */
        STRING_TOO_LONG(
                QPACK_DECOMPRESSION_FAILED, true, "A QPACK string is longer than the limit"),
        /** Section 4.5.1.1: no encoder that follows the RFC writes this Required Insert Count. */
        INVALID_INSERT_COUNT(
                QPACK_DECOMPRESSION_FAILED, false, "A Required Insert Count is impossible"),
        /** Section 2.2.1: no field refers to what the Required Insert Count says is needed. */
        INSERT_COUNT_TOO_LARGE(
                QPACK_DECOMPRESSION_FAILED,
                false,
                "A Required Insert Count is larger than its section needs"),
        /** Section 4.5.1.2: the Base is below zero. */
        INVALID_BASE(QPACK_DECOMPRESSION_FAILED, false, "The Base of a section is impossible"),
        /** Sections 2.2.3 and 3.1: evicted, not covered by the count, or beyond a table. */
        INVALID_REFERENCE(
                QPACK_DECOMPRESSION_FAILED, false, "A field refers to an entry that is not there"),
        /** RFC 7541 section 5.2: EOS inside, or padding that is long or has a zero. */
        INVALID_HUFFMAN(
                QPACK_DECOMPRESSION_FAILED, false, "A Huffman-coded string of a section is wrong"),
        /** RFC 9114 section 4.2: the message is malformed, for a field has no name. */
        EMPTY_NAME(H3_MESSAGE_ERROR, true, "A field has no name"),
        /** The section ends in the middle of its prefix or of a field. */
        INCOMPLETE_SECTION(
                QPACK_DECOMPRESSION_FAILED, false, "A field section ends in the middle of a field"),
        /** Section 2.1.2: more than SETTINGS_QPACK_BLOCKED_STREAMS allows. */
        TOO_MANY_BLOCKED_STREAMS(
                QPACK_DECOMPRESSION_FAILED, false, "There are too many blocked streams"),
        /** Section 7.4: an integer on the encoder stream. */
        INSTRUCTION_INTEGER_TOO_LARGE(
                QPACK_ENCODER_STREAM_ERROR, false, "A QPACK integer of an insert is too large"),
        /** Section 4.3.1: over SETTINGS_QPACK_MAX_TABLE_CAPACITY. */
        CAPACITY_TOO_LARGE(
                QPACK_ENCODER_STREAM_ERROR, false, "The table capacity is over the limit"),
        /** Section 3.2.2: an entry that does not fit into the empty table. */
        ENTRY_TOO_LARGE(
                QPACK_ENCODER_STREAM_ERROR, false, "An entry is larger than the dynamic table"),
        /** Sections 2.2.3 and 3.1: evicted, not there yet, or beyond the static table. */
        INVALID_INSERT_REFERENCE(
                QPACK_ENCODER_STREAM_ERROR, false, "An insert refers to what is not there"),
        /** RFC 7541 section 5.2, on the encoder stream. */
        INVALID_INSERT_HUFFMAN(
                QPACK_ENCODER_STREAM_ERROR, false, "A Huffman-coded string of an insert is wrong"),
        /** Section 4.4.1: nothing of that stream waits for an acknowledgment. */
        INVALID_ACKNOWLEDGMENT(
                QPACK_DECODER_STREAM_ERROR, false, "Nothing is there that could be acknowledged"),
        /** Section 4.4.3: an increment of zero, or beyond what was inserted. */
        INVALID_INCREMENT(
                QPACK_DECODER_STREAM_ERROR,
                false,
                "An Insert Count Increment is zero or too large"),
        /** Section 7.4: an integer on the decoder stream. */
        REPLY_INTEGER_TOO_LARGE(
                QPACK_DECODER_STREAM_ERROR, false, "A QPACK integer of a reply is too large"),
        /** Section 7.3: the peer does not take what our decoder stream has to say. */
        TOO_MANY_PENDING_INSTRUCTIONS(
                H3_EXCESSIVE_LOAD, false, "The peer does not read the decoder stream");

        private final long code;
        private final boolean streamError;
        private final String message;
        private final QPackException exception;

        Reason(long code, boolean streamError, String message) {
            this.code = code;
            this.streamError = streamError;
            this.message = message;
            this.exception = new QPackException(this);
        }

        /** The exception of this reason. */
        QPackException exception() {
            return exception;
        }
    }
}
