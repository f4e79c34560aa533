package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;

/**
 * How far the end of a connection's output is: asked for, with what the last GOAWAY says; finished,
 * when the transport is no longer touched; ended, when the writer's thread is gone. From any
 * thread.
 *
 * <ol>
 *   <li>The streams that are not to end by themselves are {@linkplain Http2OutputProducer#reset
 *       reset} or {@linkplain Http2OutputProducer#drop dropped}.
 *   <li>{@link Http2FrameWriter#finish}: what is queued of ended streams goes out, then the last
 *       GOAWAY. From there on all output is dropped, and {@link Http2FrameWriter#awaitFinished}
 *       tells that the transport's writer is no longer touched. Streams that still wait for a
 *       window have to be dropped.
 *   <li>{@link Http2FrameWriter#stop} when every begun producer has been told {@link
 *       Http2OutputOwner#outputEnded}; then {@link Http2FrameWriter#join}.
 * </ol>
 *
 * <p>After {@link Http2FrameWriter.Listener#writeFailed} each producer is dropped when it is next
 * scheduled, for which dropping it is enough. {@link Http2FrameWriter#finish} writes nothing then.
 */
final class Http2WriterEnd {

    private record LastFrame(int lastStream, Http2ErrorCode code) {}

    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable LastFrame lastFrame;

    /** Asks for the last frame; false when that was done before. */
    boolean ask(int lastStream, Http2ErrorCode code) {
        if (lastFrame != null) {
            return false;
        }
        lastFrame = new LastFrame(lastStream, code);
        return true;
    }

    /** Whether the last frame is asked for and neither sent nor given up. */
    boolean isDue() {
        return lastFrame != null && finished.getCount() > 0;
    }

    int lastStream() {
        LastFrame last = lastFrame;
        return last == null ? 0 : last.lastStream;
    }

    Http2ErrorCode code() {
        LastFrame last = lastFrame;
        return last == null ? Http2ErrorCode.NO_ERROR : last.code;
    }

    /** The transport is not touched from here on. */
    void finished() {
        finished.countDown();
    }

    boolean isFinished() {
        return finished.getCount() == 0;
    }

    void awaitFinished() {
        await(finished);
    }

    /** The writer's thread is about to end. */
    void ended() {
        finished.countDown();
        ended.countDown();
    }

    void awaitEnded() {
        await(ended);
    }

    /** An interrupt does not end a wait that others rely on; it is kept for later. */
    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
