package dev.kestrel.internal.hpack;

/** What a call of {@link HPackHeaderWriter} has brought about. */
public enum HPackWriteResult {
    /** The block is complete. */
    DONE,
    /** The array is full; something was written, and there is more. */
    MORE,
    /** Nothing was written, for not even the next field fits. A longer array is needed. */
    BUFFER_TOO_SMALL
}
