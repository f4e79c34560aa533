package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A reader of the next so many bytes of another, which shows them where they are: nothing is
 * copied. What follows them stays with the other one. Used by one thread at a time.
 */
public abstract class PartPipeReader extends PipeReader {

    private final ReadResult result = new ReadResult();

    /** Whether the other reader waits to hear how far its bytes were used. */
    private boolean shown;

    private volatile boolean canceled;
    private boolean completed;

    /** For subclasses. */
    protected PartPipeReader() {}

    /**
     * How many bytes of the part were not consumed yet.
     *
     * @return zero at its end
     */
    protected abstract long left();

    /**
     * Has the other reader read. Called while something is left.
     *
     * @param wait whether to wait for bytes that were not examined
     * @return what it has, from the first byte that was not consumed on, at least one; or {@code
     *     null} when there is nothing now
     * @throws IOException when the part ends early, or the other reader failed
     */
    protected abstract @Nullable ReadResult readOther(boolean wait) throws IOException;

    /**
     * Says how far the last result of {@link #readOther} was used.
     *
     * @param consumed as for {@link #advanceTo(long, long)}
     * @param examined as for {@link #advanceTo(long, long)}
     */
    protected abstract void advanceOther(long consumed, long examined);

    @Override
    public ReadResult read() throws IOException {
        ReadResult some = show(true);
        if (some == null) {
            throw new IllegalStateException("The other reader has nothing, and did not wait");
        }
        return some;
    }

    @Override
    public @Nullable ReadResult tryRead() throws IOException {
        return show(false);
    }

    private @Nullable ReadResult show(boolean wait) throws IOException {
        checkOpen();
        ByteSequence part = result.buffer();
        part.set(null, 0, 0);
        long left = left();
        if (left > 0 && !canceled) {
            ReadResult all = readOther(wait);
            if (all == null) {
                return null;
            }
            shown = true;
            part.setStart(all.buffer(), Math.min(left, all.buffer().length()));
        }
        if (canceled) {
            canceled = false;
            return result.set(part.length() == left, true);
        }
        return result.set(part.length() == left, false);
    }

    @Override
    public void advanceTo(long consumed, long examined) {
        checkOpen();
        result.checkAdvance(consumed, examined);
        if (shown) {
            shown = false;
            // What ends the part is shown again at once: nothing more of it will come.
            advanceOther(consumed, result.isCompleted() ? consumed : examined);
        }
    }

    @Override
    public void cancelPendingRead() {
        canceled = true;
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (!completed) {
            completed = true;
            result.buffer().set(null, 0, 0);
            if (shown) {
                shown = false;
                advanceOther(0, 0);
            }
        }
    }

    private void checkOpen() {
        if (completed) {
            throw new IllegalStateException("The reader is completed");
        }
    }
}
