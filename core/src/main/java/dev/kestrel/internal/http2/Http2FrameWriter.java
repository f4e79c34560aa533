package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.ResponseFieldRules;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of a connection that writes frames. Output producers schedule themselves, others
 * append to {@link #controls()} and {@link #wake()} it; it writes all that is ready with as few
 * flushes as can be, and sleeps when there is nothing (the original's type of the same name).
 *
 * <p>How a connection ends:
 *
 * <ol>
 *   <li>The streams that are not to end by themselves are {@linkplain Http2OutputProducer#reset
 *       reset} or {@linkplain Http2OutputProducer#drop dropped}.
 *   <li>{@link #finish}: what is queued of ended streams goes out, then the last GOAWAY. From there
 *       on all output is dropped, and {@link #awaitFinished} tells that the transport's writer is
 *       no longer touched. Streams that still wait for a window have to be dropped.
 *   <li>{@link #stop} when every begun producer has been told {@link Http2OutputOwner#outputEnded};
 *       then {@link #join}.
 * </ol>
 *
 * <p>After {@link Listener#writeFailed} each producer is dropped when it is next scheduled, for
 * which dropping it is enough. {@link #finish} writes nothing then.
 */
final class Http2FrameWriter implements Runnable {

    // What holds before the client says more (RFC 9113 section 6.5.2).
    private static final int DEFAULT_FRAME_SIZE = 16 * 1024;
    private static final int DEFAULT_WINDOW = 65_535;

    /** Is told, on the writer's thread, what ends the connection; must not block. */
    interface Listener {
        /** The transport has failed. Called once at most. */
        void writeFailed(IOException error);

        /**
         * A header field can not be sent, and no header block any more. The connection must {@link
         * #finish} with INTERNAL_ERROR. Called once at most.
         */
        void headersFailed(IllegalArgumentException error);
    }

    private record LastFrame(int lastStream, Http2ErrorCode code) {}

    private final Listener listener;
    private final int ownFrameSize;
    private final Http2ControlFrames controls = new Http2ControlFrames();
    private final ResponseFieldRules responseFields;
    private final Http2FrameOutput output;
    private final Http2HeaderFrames headers;
    private final Http2ResponseFrames responses;
    private final OutputWindow connectionWindow = new OutputWindow(DEFAULT_WINDOW);
    private final Http2PeerSettings peerSettings = new Http2PeerSettings();
    private final Http2ProducerQueue queue = new Http2ProducerQueue();

    /** The producers that were scheduled, the last one first. */
    private final AtomicReference<@Nullable Http2OutputProducer> channel = new AtomicReference<>();

    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable LastFrame lastFrame;
    private volatile boolean stopped;

    /** Some wait for the connection's window. Written by the writer, read by the frame loop. */
    private volatile boolean windowBlocked;

    // The writer's alone.
    private @Nullable Http2OutputProducer current;
    private @Nullable IOException discarding;
    private boolean silent;

    /** Others had their turn since the last flush. */
    private boolean yielded;

    Http2FrameWriter(HttpConnectionContext context, Listener listener) {
        this.listener = listener;
        KestrelServerLimits limits = context.services().options().limits();
        ownFrameSize = limits.http2().maxFrameSize();
        responseFields =
                new ResponseFieldRules(
                        context.connection().connectionId(), "HTTP/2", context.services());
        responseFields.alternativeService(
                context.connection().features().get(AlternativeServiceFeature.class));
        output =
                new Http2FrameOutput(
                        context.connection().transport().output(),
                        context.timeouts(),
                        controls,
                        limits.minResponseDataRate());
        headers = new Http2HeaderFrames(output, context.services().options());
        responses =
                new Http2ResponseFrames(
                        output,
                        headers,
                        connectionWindow,
                        context.timeouts(),
                        Math.min(DEFAULT_FRAME_SIZE, ownFrameSize));
    }

    /** Frames of the connection; {@link #wake()} follows. */
    Http2ControlFrames controls() {
        return controls;
    }

    /** What the fields of responses have to be. */
    ResponseFieldRules responseFields() {
        return responseFields;
    }

    /** How many DATA frames were sent so far that were worth it. From any thread. */
    long dataFramesSent() {
        return responses.dataFramesSent();
    }

    /**
     * The client takes more on the connection. From the frame loop.
     *
     * @return false when the window would pass 2^31-1
     */
    boolean increaseConnectionWindow(int increment) {
        boolean fits = connectionWindow.increase(increment);
        if (windowBlocked) {
            wake();
        }
        return fits;
    }

    /**
     * The client's SETTINGS, from the frame loop. Frame size and table size hold from the {@link
     * Http2ControlFrames#settingsAck} on that follows, the size of header lists at once.
     *
     * @param maxHeaderListSize as the client said, or {@link Long#MAX_VALUE}
     */
    void peerSettings(int maxFrameSize, int headerTableSize, long maxHeaderListSize) {
        peerSettings.set(maxFrameSize, headerTableSize);
        responseFields.maxListSize(maxHeaderListSize);
    }

    /** Gives a producer a turn soon. From any thread; costs little when it is scheduled already. */
    void schedule(Http2OutputProducer producer) {
        if (producer.scheduled.get() || !producer.scheduled.compareAndSet(false, true)) {
            return;
        }
        do {
            producer.next = channel.get();
        } while (!channel.compareAndSet(producer.next, producer));
        wake();
    }

    /** Wakes the writer if it sleeps. From any thread. */
    void wake() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /** Writes what has ended, then GOAWAY, and from then on nothing; only the first call counts. */
    void finish(int lastStream, Http2ErrorCode code) {
        if (lastFrame == null) {
            lastFrame = new LastFrame(lastStream, code);
            wake();
        }
    }

    /** Whether the transport's writer is no longer touched. From any thread. */
    boolean isFinished() {
        return finished.getCount() == 0;
    }

    /** Whether it waits for the client to take bytes. From any thread. */
    boolean isFlushing() {
        return output.isFlushing();
    }

    /** Waits until the last frame was sent or can not be sent. */
    void awaitFinished() {
        await(finished);
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

    /** Ends the thread. What is scheduled still is dropped. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Waits until the thread has ended. */
    void join() {
        await(ended);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            while (!stopped) {
                guardedRound();
            }
            startDiscarding(new IOException("The connection has ended"));
            while (channel.get() != null) {
                guardedRound();
            }
        } finally {
            finished.countDown();
            ended.countDown();
        }
    }

    private void guardedRound() {
        try {
            round();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            if (current != null && e instanceof IllegalArgumentException field) {
                headersFailed(field);
            } else {
                System.getLogger(Http2FrameWriter.class.getName())
                        .log(Level.ERROR, "the frame writer has failed", e);
                fail(new IOException("The frame writer has failed", e));
            }
        }
    }

    private void round() throws IOException {
        if (controls.isPending()) {
            writeControls();
        }
        takeScheduled();
        if (queue.hasBlocked() && connectionWindow.available() > 0) {
            queue.unblock();
            windowBlocked = false;
        }
        LastFrame last = lastFrame;
        if (last != null && finished.getCount() > 0) {
            writeLast(last);
            return;
        }
        Http2OutputProducer producer = queue.poll();
        if (producer != null) {
            turn(producer);
            return;
        }
        if (!silent) {
            if (output.hasResponses() && !yielded) {
                // Streams that are ready to run go first, once: their answers share the flush.
                yielded = true;
                Thread.yield();
                return;
            }
            output.flush();
        }
        yielded = false;
        sleep();
    }

    private void turn(Http2OutputProducer producer) throws IOException {
        current = producer;
        IOException reason = discarding;
        if (reason != null) {
            responses.end(producer, false, reason);
        } else {
            switch (responses.send(producer)) {
                case AGAIN -> queue.again(producer);
                case BLOCKED -> {
                    // In this order: whoever increases the window looks at the flag after it.
                    windowBlocked = true;
                    queue.block(producer);
                }
                case LATER, ENDED -> {}
            }
        }
        current = null;
        if (!silent) {
            output.flushIfFull();
        }
    }

    /** Takes all producers out of the channel, in the order in which they came. */
    private void takeScheduled() {
        if (channel.get() == null) {
            return;
        }
        Http2OutputProducer taken = channel.getAndSet(null);
        Http2OutputProducer first = null;
        while (taken != null) {
            Http2OutputProducer before = taken.next;
            taken.next = first;
            first = taken;
            taken = before;
        }
        while (first != null) {
            Http2OutputProducer following = first.next;
            first.next = null;
            // Before its state is looked at: what changes from here on schedules it again.
            first.scheduled.set(false);
            admit(first);
            first = following;
        }
    }

    private void admit(Http2OutputProducer producer) {
        // Who waits for the connection's window keeps its place, unless it is to end.
        if (producer.end().isOpen()
                && (producer.place != Http2ProducerQueue.Place.BLOCKED
                        || producer.end().abort() != null
                        || discarding != null)) {
            queue.add(producer);
        }
    }

    private void writeControls() throws IOException {
        if (silent) {
            controls.discard();
            return;
        }
        int size = output.writeControls() > 0 ? peerSettings.applyTo(headers) : 0;
        if (size > 0) {
            responses.frameSize(Math.min(size, ownFrameSize));
        }
    }

    private void writeLast(LastFrame last) throws IOException {
        responses.finishing();
        queue.unblock();
        for (Http2OutputProducer next = queue.poll(); next != null; next = queue.poll()) {
            turn(next);
        }
        if (!silent) {
            writeControls();
            output.goAway(last.lastStream, last.code);
            output.flush();
        }
        startDiscarding(new IOException("The connection has ended"));
    }

    private void headersFailed(IllegalArgumentException e) {
        discarding = new IOException("A header field could not be sent", e);
        silent = silent || headers.isCut();
        dropQueued(discarding);
        listener.headersFailed(e);
    }

    private void fail(IOException e) {
        boolean told = silent;
        startDiscarding(e);
        if (!told) {
            listener.writeFailed(e);
        }
    }

    /** From here on the transport is not touched. */
    private void startDiscarding(IOException reason) {
        silent = true;
        IOException why = discarding == null ? reason : discarding;
        discarding = why;
        controls.discard();
        finished.countDown();
        dropQueued(why);
    }

    private void dropQueued(IOException reason) {
        Http2OutputProducer interrupted = current;
        current = null;
        if (interrupted != null && interrupted.end().isOpen()) {
            queue.remove(interrupted);
            responses.end(interrupted, false, reason);
        }
        queue.unblock();
        for (Http2OutputProducer next = queue.poll(); next != null; next = queue.poll()) {
            responses.end(next, false, reason);
        }
    }

    private void sleep() {
        sleeping.set(true);
        if (channel.get() == null
                && !controls.isPending()
                && !stopped
                && (lastFrame == null || finished.getCount() == 0)
                && (!queue.hasBlocked() || connectionWindow.available() <= 0)) {
            LockSupport.park(this);
        }
        sleeping.set(false);
    }
}
