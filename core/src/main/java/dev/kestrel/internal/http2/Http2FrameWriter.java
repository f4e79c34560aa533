package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.ResponseFieldRules;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * What writes the frames of a connection. Output producers schedule themselves, others append to
 * {@link #controls()} and {@link #wake()} it; all that is ready is written with as few flushes as
 * can be (the original's type of the same name). That is done by a thread of its own, which sleeps
 * when there is nothing, and for the only stream that runs by that stream's: by whoever has the
 * {@link Http2WriterTurn turn}. How a connection ends is told at {@link Http2WriterEnd}.
 */
final class Http2FrameWriter implements Runnable {

    // What holds before the client says more (RFC 9113 section 6.5.2).
    private static final int DEFAULT_FRAME_SIZE = 16 * 1024;
    private static final int DEFAULT_WINDOW = 65_535;

    /** After so many the thread of a stream leaves the rest to the writer's. */
    private static final int ROUNDS_OF_A_STREAM = 16;

    /** Is told, on the writer's thread, what ends the connection; must not block. */
    interface Listener {
        /** The transport has failed. Called once at most. */
        void writeFailed(IOException error);

        /**
         * A header field can not be sent, and no header block any more. The connection must {@link
         * #finish} with INTERNAL_ERROR. Called once at most.
         */
        void headersFailed(IllegalArgumentException error);

        /** How many streams have an application that runs, or output that was not sent. */
        int streamsRunning();
    }

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
    private final Http2ProducerChannel channel = new Http2ProducerChannel();
    private final Http2WriterTurn turn = new Http2WriterTurn();
    private final Http2WriterEnd end = new Http2WriterEnd();
    private volatile boolean stopped;

    /** Some wait for the connection's window. Written by the writer, read by the frame loop. */
    private volatile boolean windowBlocked;

    // Of whoever has the turn.
    private @Nullable Http2OutputProducer current;
    private @Nullable IOException discarding;
    private boolean silent;
    private boolean othersHadTurn;

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

    /** Gives a producer its turn soon. From any thread; costs little when that was said already. */
    void schedule(Http2OutputProducer producer) {
        if (channel.put(producer)) {
            turn.wake();
        }
    }

    /**
     * As {@link #schedule}, for the end of a response, on the thread of its stream. When no other
     * runs and nobody writes, this thread does: there is no other answer to share the flush.
     */
    void scheduleLast(Http2OutputProducer producer) {
        if (!channel.put(producer)) {
            return;
        }
        // With an interrupt the transport would end the connection, and not the request alone.
        if (listener.streamsRunning() > 1
                || Thread.currentThread().isInterrupted()
                || !turn.tryTake()) {
            turn.wake();
            return;
        }
        othersHadTurn = true;
        for (int i = 0; guardedRound(); i++) {
            if (i == ROUNDS_OF_A_STREAM) {
                turn.handOver();
                return;
            }
        }
        turn.release();
        wakeForWork();
    }

    /** Wakes the writer if nobody writes. */
    void wake() {
        turn.wake();
    }

    /** Wakes the writer if nobody writes and there is something to write. From any thread. */
    void wakeForWork() {
        if (turn.isFree() && hasWork()) {
            turn.wake();
        }
    }

    /** Writes what has ended, then GOAWAY, and from then on nothing; only the first call counts. */
    void finish(int lastStream, Http2ErrorCode code) {
        if (end.ask(lastStream, code)) {
            turn.wake();
        }
    }

    /** Whether the transport's writer is no longer touched. From any thread. */
    boolean isFinished() {
        return end.isFinished();
    }

    /** Whether it waits for the client to take bytes. From any thread. */
    boolean isFlushing() {
        return output.isFlushing();
    }

    /** Waits until the last frame was sent or can not be sent. */
    void awaitFinished() {
        end.awaitFinished();
    }

    /** Ends the thread. What is scheduled still is dropped. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Waits until the thread has ended. */
    void join() {
        end.awaitEnded();
    }

    @Override
    public void run() {
        turn.started();
        try {
            while (!stopped) {
                if (!guardedRound()) {
                    sleep();
                }
            }
            startDiscarding(new IOException("The connection has ended"));
            while (!channel.isEmpty()) {
                guardedRound();
            }
        } finally {
            end.ended();
        }
    }

    private boolean guardedRound() {
        try {
            return round();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            if (current != null && e instanceof IllegalArgumentException field) {
                headersFailed(field);
            } else {
                System.getLogger(Http2FrameWriter.class.getName())
                        .log(Level.ERROR, "the frame writer has failed", e);
                fail(new ConnectionAbortedException("The frame writer has failed", e));
            }
        }
        return true;
    }

    /** Does what is next; false when there is nothing more, and all was flushed. */
    private boolean round() throws IOException {
        if (controls.isPending()) {
            writeControls();
        }
        takeScheduled();
        if (windowBlocked && connectionWindow.available() > 0) {
            windowBlocked = false;
            queue.unblock();
        }
        if (end.isDue()) {
            writeLast();
            return true;
        }
        Http2OutputProducer producer = queue.poll();
        if (producer != null) {
            serve(producer);
            return true;
        }
        if (!silent) {
            if (!othersHadTurn && output.hasResponses() && listener.streamsRunning() > 0) {
                // Streams that are ready to run go first, once: their answers share the flush.
                othersHadTurn = true;
                Thread.yield();
                return true;
            }
            output.flush();
        }
        othersHadTurn = false;
        return false;
    }

    private void serve(Http2OutputProducer producer) throws IOException {
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

    private void takeScheduled() {
        Http2OutputProducer first = channel.takeAll();
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

    private void writeLast() throws IOException {
        responses.finishing();
        queue.unblock();
        for (Http2OutputProducer next = queue.poll(); next != null; next = queue.poll()) {
            serve(next);
        }
        if (!silent) {
            writeControls();
            output.goAway(end.lastStream(), end.code());
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
        end.finished();
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
        turn.release();
        if (!hasWork() || !turn.takeBack()) {
            turn.await();
        }
    }

    private boolean hasWork() {
        return !channel.isEmpty()
                || controls.isPending()
                || stopped
                || end.isDue()
                || (windowBlocked && connectionWindow.available() > 0);
    }
}
