package dev.kestrel.internal.hpack;

/**
 * A header block that breaks RFC 7541. The connection can not go on: both sides' tables are out of
 * step (COMPRESSION_ERROR, RFC 9113 section 4.3). There is one exception a reason, without a stack
 * trace.
 */
public final class HPackException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    private HPackException(Reason reason) {
        super(reason.message, null, false, false);
        this.reason = reason;
    }

    /** Which rule was broken. */
    public Reason reason() {
        return reason;
    }

    /** The rules. */
    public enum Reason {
        /** RFC 7541 section 5.1: an integer over 2^31-1 or with more than five octets. */
        INTEGER_TOO_LARGE("An HPACK integer is too large"),
        /** RFC 7541 section 2.3.3: zero, or beyond both tables. */
        INVALID_INDEX("An HPACK index is zero or beyond the tables"),
        /** RFC 7541 section 5.2: EOS inside, or padding that is long or has a zero. */
        INVALID_HUFFMAN("A Huffman-coded HPACK string has EOS inside or wrong padding"),
        /** A name or value over the limit of this server. */
        STRING_TOO_LONG("An HPACK string is longer than the limit"),
        /** A name without a character. */
        EMPTY_NAME("A header field has no name"),
        /** RFC 7541 section 4.2: not at the start of the block, or the third. */
        MISPLACED_SIZE_UPDATE("An HPACK table size update is not at the start of its block"),
        /** RFC 7541 section 6.3: over what SETTINGS_HEADER_TABLE_SIZE allows. */
        SIZE_UPDATE_TOO_LARGE("An HPACK table size update is over the limit"),
        /** RFC 9113 section 4.3.1: the limit shrank and the next block did not follow. */
        MISSING_SIZE_UPDATE("An HPACK table size update is missing after the limit shrank"),
        /** The block ends in the middle of a field. */
        INCOMPLETE_BLOCK("A header block ends in the middle of a field");

        private final String message;
        private final HPackException exception;

        Reason(String message) {
            this.message = message;
            this.exception = new HPackException(this);
        }

        /** The exception of this reason. */
        public HPackException exception() {
            return exception;
        }
    }
}
