package dev.kestrel.pipelines;

import java.util.Objects;

/**
 * What a {@link PipeReader} has. The reader uses the same object for each read: it is valid until
 * the next {@code advanceTo}.
 */
public final class ReadResult {

    private final ByteSequence buffer = new ByteSequence();
    private boolean completed;
    private boolean canceled;

    ReadResult() {}

    ReadResult set(boolean isCompleted, boolean isCanceled) {
        completed = isCompleted;
        canceled = isCanceled;
        return this;
    }

    /** Checks what a caller of {@code advanceTo} says. */
    void checkAdvance(long consumed, long examined) {
        Objects.checkFromToIndex(consumed, examined, buffer.length());
    }

    /**
     * All bytes that were not consumed yet.
     *
     * @return a view, empty when there are none
     */
    public ByteSequence buffer() {
        return buffer;
    }

    /**
     * Whether the writer is done: no bytes will come after those in {@link #buffer()}.
     *
     * @return true at the end of the stream
     */
    public boolean isCompleted() {
        return completed;
    }

    /**
     * Whether the read ended because of {@link PipeReader#cancelPendingRead()}.
     *
     * @return true when it was cancelled
     */
    public boolean isCanceled() {
        return canceled;
    }
}
