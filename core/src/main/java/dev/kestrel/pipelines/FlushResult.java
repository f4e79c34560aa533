package dev.kestrel.pipelines;

/** How a {@link PipeWriter#flush()} ended. */
public enum FlushResult {
    /** The bytes are on their way and more may be written. */
    CONTINUE,
    /** The reader is gone: the bytes were dropped, and so will be those that follow. */
    COMPLETED,
    /**
     * {@link PipeWriter#cancelPendingFlush()} ended the wait. The bytes are kept and will still be
     * delivered.
     */
    CANCELED
}
