package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The reader of a {@link Pipe}: what only the reading thread knows. */
final class PipeEndReader extends PipeReader {

    private final Pipe pipe;
    private final ReadResult result = new ReadResult();
    private boolean completed;

    PipeEndReader(Pipe pipe) {
        this.pipe = pipe;
    }

    @Override
    public ReadResult read() throws IOException {
        check();
        pipe.read(result, true);
        return result;
    }

    @Override
    public @Nullable ReadResult tryRead() throws IOException {
        check();
        return pipe.read(result, false) ? result : null;
    }

    @Override
    public void advanceTo(long consumed, long examined) {
        check();
        result.checkAdvance(consumed, examined);
        pipe.advance(consumed, examined);
    }

    @Override
    public void cancelPendingRead() {
        pipe.cancelRead();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (!completed) {
            completed = true;
            result.buffer().set(null, 0, 0);
            pipe.completeReader(error);
        }
    }

    void reset() {
        completed = false;
    }

    private void check() {
        if (completed) {
            throw new IllegalStateException("The reader is completed");
        }
    }
}
