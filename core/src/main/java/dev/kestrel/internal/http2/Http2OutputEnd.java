package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.Disconnect;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How the output of a stream ends: by END_STREAM, which the writer's thread sends, or before that
 * by an {@link Abort}, which any thread may ask for. The writer decides between them, once; who
 * comes later finds the output closed.
 */
final class Http2OutputEnd {

    /**
     * An end that is no END_STREAM.
     *
     * @param send whether RST_STREAM is sent
     * @param code what it says
     * @param reason what the application is told
     */
    record Abort(boolean send, long code, IOException reason) {

        private static final long NO_ERROR = Http2ErrorCode.NO_ERROR.code();

        /** Whether a complete response goes out before it, however long that takes. */
        boolean waitsForResponse() {
            return send && code == NO_ERROR;
        }

        boolean overrides(@Nullable Abort other) {
            return other == null
                    || (other.send && !send)
                    || (other.waitsForResponse() && code != NO_ERROR);
        }
    }

    private final Http2OutputProducer producer;
    private final Http2FrameWriter writer;
    private final Http2OutputOwner owner;
    private final PipeWriter body;
    private final ReentrantLock lock = new ReentrantLock();

    // Written under the lock.
    private volatile boolean open;
    private volatile boolean inputOpen;
    private volatile @Nullable Abort abort;
    private boolean endStreamSent;
    private boolean resetSent;
    private int streamId;

    Http2OutputEnd(
            Http2OutputProducer producer,
            Http2FrameWriter writer,
            Http2OutputOwner owner,
            PipeWriter body) {
        this.producer = producer;
        this.writer = writer;
        this.owner = owner;
        this.body = body;
    }

    void begin(int id, boolean clientMaySend) {
        lock.lock();
        try {
            streamId = id;
            inputOpen = clientMaySend;
            endStreamSent = false;
            resetSent = false;
            open = true;
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            abort = null;
            endStreamSent = false;
        } finally {
            lock.unlock();
        }
    }

    void inputEnded() {
        inputOpen = false;
    }

    /** The client has sent behind its end, and will be told so behind ours. */
    void inputGoesOn() {
        inputOpen = true;
    }

    /** Whether the writer has not ended it. */
    boolean isOpen() {
        return open;
    }

    @Nullable Abort abort() {
        return abort;
    }

    /** Throws when the output was aborted: a new exception each time, for it may be suppressed. */
    void check() throws IOException {
        Abort why = abort;
        if (why != null) {
            throw Disconnect.again(why.reason);
        }
    }

    /** Asks for an end, from any thread. */
    void abort(Abort wanted) {
        lock.lock();
        try {
            if (open) {
                if (!wanted.overrides(abort)) {
                    return;
                }
                abort = wanted;
                // The application need not wait until the writer comes to it.
                body.cancelPendingFlush();
            } else if (wanted.send && endStreamSent && !resetSent && inputOpen) {
                resetSent = true;
                writer.controls().rstStream(streamId, wanted.code);
            } else {
                resetSent = true;
                return;
            }
        } finally {
            lock.unlock();
        }
        writer.schedule(producer);
    }

    /**
     * Closes the output, on the writer's thread.
     *
     * @param endStream whether END_STREAM was sent
     * @param why what the application is told when nobody has aborted it
     * @return the abort whose RST_STREAM has to be sent now, or {@code null}
     */
    @Nullable Abort close(boolean endStream, @Nullable IOException why) {
        lock.lock();
        try {
            open = false;
            Abort last = abort;
            if (last == null && why != null) {
                last = new Abort(false, 0, why);
                abort = last;
            }
            endStreamSent = endStream;
            boolean send = last != null && last.send && (!endStream || inputOpen);
            resetSent = send || (last != null && !last.send);
            return send ? last : null;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the owner, who may begin the next stream at once. On the writer's thread. */
    void ended(boolean endStream) {
        owner.outputEnded(endStream);
    }
}
