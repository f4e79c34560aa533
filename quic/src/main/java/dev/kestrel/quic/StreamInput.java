package dev.kestrel.quic;

import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a stream brings. The loop fills a pipe and stops asking the library for more when too much
 * waits in it, so that the peer's window is not opened further; the thread that reads has it go on.
 */
final class StreamInput extends PipeReader {

    private final PipeReader reader;
    private final PipeWriter writer;
    private final int highWater;
    private final int lowWater;
    private final Runnable resume;

    /** How many bytes wait: the loop adds, the reader takes. */
    private final AtomicLong waiting = new AtomicLong();

    private volatile boolean paused;
    private volatile boolean completed;
    private volatile @Nullable IOException failure;
    private long shown;

    // The loop's.
    private long added;
    private boolean ended;

    /**
     * Makes one.
     *
     * @param resume called on the reader's thread when the loop is to read again
     */
    StreamInput(TransportSettings settings, Runnable resume) {
        Pipe pipe = new Pipe(settings.pool(), PipeOptions.UNLIMITED);
        this.reader = pipe.reader();
        this.writer = pipe.writer();
        this.highWater = settings.pipeHighWater();
        this.lowWater = settings.pipeLowWater();
        this.resume = resume;
    }

    // The loop's side.

    /** Takes bytes; they are seen after {@link #show()}. */
    void add(ByteBuf bytes) {
        if (ended || completed) {
            return;
        }
        int left = bytes.readableBytes();
        added += left;
        while (left > 0) {
            byte[] array = writer.reserve(1);
            int count = Math.min(left, array.length - writer.position());
            bytes.readBytes(array, writer.position(), count);
            writer.advance(count);
            left -= count;
        }
    }

    /**
     * Shows the reader what was added.
     *
     * @return whether the loop goes on reading
     */
    boolean show() {
        if (added > 0) {
            waiting.addAndGet(added);
            added = 0;
            flushQuietly();
        }
        if (waiting.get() < highWater || completed) {
            return true;
        }
        paused = true;
        // The reader may have been faster.
        if (waiting.get() < lowWater || completed) {
            paused = false;
            return true;
        }
        return false;
    }

    /** Nothing more comes, for a reason or because the peer has ended the stream. */
    void end(@Nullable IOException reason) {
        if (!ended) {
            ended = true;
            writer.complete(reason);
        }
    }

    boolean isEnded() {
        return ended;
    }

    private void flushQuietly() {
        try {
            writer.flush();
        } catch (IOException e) {
            // The reader has completed with an error: nobody wants the bytes.
            added = 0;
        }
    }

    // The reader's side, and that of whoever aborts.

    /** Whoever reads gets the reason, before what waits. From any thread; the loop ends it then. */
    void fail(IOException reason) {
        failure = reason;
    }

    @Override
    public ReadResult read() throws IOException {
        throwFailure();
        ReadResult result = reader.read();
        throwFailure();
        shown = result.buffer().length();
        return result;
    }

    @Override
    public @Nullable ReadResult tryRead() throws IOException {
        throwFailure();
        ReadResult result = reader.tryRead();
        if (result != null) {
            shown = result.buffer().length();
        }
        return result;
    }

    private void throwFailure() throws IOException {
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }

    @Override
    public void advanceTo(long consumed, long examined) {
        reader.advanceTo(consumed, examined);
        long left = waiting.addAndGet(-consumed);
        // What was looked at and is not enough counts as read, or both sides would wait for ever.
        boolean wantsMore = examined == shown;
        if (paused && (left < lowWater || wantsMore)) {
            paused = false;
            resume.run();
        }
    }

    @Override
    public void cancelPendingRead() {
        reader.cancelPendingRead();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        completed = true;
        reader.complete(error);
        if (paused) {
            paused = false;
            resume.run();
        }
    }
}
