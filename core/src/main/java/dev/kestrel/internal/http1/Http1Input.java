package dev.kestrel.internal.http1;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.ConnectionRest;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The bytes that a client sends, for whoever needs them next: the head, the body, the drain. Before
 * it waits it sends what was answered so far, and starts the clock for what it waits for.
 */
final class Http1Input {

    /** What the connection's thread does, as far as others need to know in order to end a wait. */
    private enum Wait {
        /** It does not wait for a new request. */
        BUSY,
        /** It waits for the first byte of a request. */
        IDLE,
        /** No further request will be read. */
        STOPPED
    }

    private final PipeReader reader;
    private final Http1OutputProducer output;
    private final TimeoutControl timeouts;
    private final long keepAliveTimeout;
    private final long headersTimeout;
    private final long drainTimeout;
    private final AtomicReference<Wait> wait = new AtomicReference<>(Wait.BUSY);
    private final @Nullable ConnectionRest rest;
    private volatile boolean restRequested;
    private boolean resting;
    private volatile boolean stopRequested;
    private volatile @Nullable TimeoutReason timedOut;
    private boolean readingHead;
    private @Nullable MinDataRate bodyRate;
    private boolean bodyTimed;

    Http1Input(
            PipeReader reader,
            Http1OutputProducer output,
            TimeoutControl timeouts,
            KestrelServerLimits limits,
            @Nullable ConnectionRest rest) {
        this.reader = reader;
        this.output = output;
        this.timeouts = timeouts;
        this.rest = rest;
        keepAliveTimeout = TimeoutControl.nanos(limits.keepAliveTimeout());
        headersTimeout = TimeoutControl.nanos(limits.requestHeadersTimeout());
        drainTimeout = TimeoutControl.nanos(limits.requestBodyDrainTimeout());
    }

    /**
     * Waits for bytes of a head.
     *
     * @param begun whether some of it is here already
     * @return what there is, or {@code null} when no further request is to be read, or not by this
     *     engine: the connection {@linkplain #isResting() rests}
     */
    @Nullable ReadResult readHead(boolean begun) throws IOException {
        if (!begun && stopRequested) {
            return null;
        }
        if (timedOut == TimeoutReason.REQUEST_HEADERS) {
            // Before there was an engine.
            throw RequestRejectionReason.REQUEST_HEADERS_TIMEOUT.exception();
        }
        ReadResult ready = reader.tryRead();
        if (ready != null && !ready.isCanceled()) {
            return ready;
        }
        output.flush();
        if (begun) {
            if (!readingHead) {
                readingHead = true;
                timeouts.setTimeout(headersTimeout, TimeoutReason.REQUEST_HEADERS);
            }
            ReadResult result = ready != null ? ready : reader.read();
            if (timedOut == TimeoutReason.REQUEST_HEADERS) {
                throw RequestRejectionReason.REQUEST_HEADERS_TIMEOUT.exception();
            }
            return result;
        }
        timeouts.setTimeout(keepAliveTimeout, TimeoutReason.KEEP_ALIVE);
        return ready != null ? null : readWhileIdle();
    }

    private @Nullable ReadResult readWhileIdle() throws IOException {
        // What came too late for the last wait.
        restRequested = false;
        wait.set(Wait.IDLE);
        if (stopRequested) {
            return null;
        }
        if (rest != null && waitForRest(rest)) {
            // Still idle: it can be stopped until it leaves.
            resting = true;
            return null;
        }
        ReadResult result = reader.read();
        return wait.compareAndSet(Wait.IDLE, Wait.BUSY) ? result : null;
    }

    /** Waits without memory; true when the connection is to rest. */
    private boolean waitForRest(ConnectionRest between) throws IOException {
        if (between.isAtOnce()) {
            return true;
        }
        between.awaitInput();
        return restRequested;
    }

    /** Whether the connection is to wait for its next request without this engine. */
    boolean isResting() {
        return resting;
    }

    /** Nothing ends its wait any more; false when that was ended before. */
    boolean leave() {
        return wait.compareAndSet(Wait.IDLE, Wait.BUSY);
    }

    /** Whether the connection waits for a request. From any thread. */
    boolean isIdle() {
        return wait.get() == Wait.IDLE;
    }

    /** A wait has been long enough: the connection is to rest. On the heartbeat's thread. */
    void requestRest() {
        if (rest != null) {
            restRequested = true;
            rest.wake();
        }
    }

    /** The head is complete. */
    void headDone() {
        readingHead = false;
        timeouts.cancelTimeout();
    }

    void advanceTo(long consumed, long examined) {
        reader.advanceTo(consumed, examined);
    }

    /**
     * Takes bytes, which may be those of a body: they count for its rate here, once each, and not
     * when they are seen.
     */
    void advanceTo(long consumed) {
        if (bodyTimed) {
            timeouts.bytesRead(consumed);
        }
        reader.advanceTo(consumed);
    }

    /**
     * Takes bytes of a body, and says how far it was looked at.
     *
     * @param news how many of the bytes that were examined were not so before: those count for the
     *     rate
     */
    void advanceBody(long consumed, long examined, long news) {
        if (bodyTimed) {
            timeouts.bytesRead(news);
        }
        reader.advanceTo(consumed, examined);
    }

    /** A body begins that must come at a rate. */
    void beginBody(@Nullable MinDataRate rate) {
        bodyRate = rate;
    }

    /** No more is wanted of the body. */
    void endBody() {
        if (bodyTimed) {
            bodyTimed = false;
            timeouts.stopRequestBody();
        }
        bodyRate = null;
    }

    /** The body ended and trailers follow: they have the time of a head. */
    void beginTrailers() {
        timeouts.setTimeout(headersTimeout, TimeoutReason.REQUEST_HEADERS);
    }

    void endTrailers() {
        timeouts.cancelTimeout();
    }

    /** What is left of the body is read in order to be thrown away. */
    void beginDrain() {
        endBody();
        timeouts.setTimeout(drainTimeout, TimeoutReason.REQUEST_BODY_DRAIN);
    }

    void endDrain() {
        timeouts.cancelTimeout();
    }

    /**
     * Waits for bytes of a body. There is at least one, and the caller calls {@link #advanceTo}.
     *
     * @throws IOException when the body ended early, came too slowly, or the connection failed
     */
    ReadResult readBody() throws IOException {
        ReadResult result = reader.tryRead();
        if (result == null) {
            output.flush();
            result = bodyRate == null ? reader.read() : readTimed(bodyRate);
        }
        return checkBody(result);
    }

    /** As {@link #readBody}, but {@code null} when that would wait. */
    @Nullable ReadResult tryReadBody() throws IOException {
        ReadResult result = reader.tryRead();
        return result == null ? null : checkBody(result);
    }

    private ReadResult checkBody(ReadResult result) throws IOException {
        if (!result.buffer().isEmpty() && !result.isCanceled()) {
            return result;
        }
        reader.advanceTo(0);
        throw bodyEnded();
    }

    /** How many bytes of what was sent are here already. */
    int buffered() throws IOException {
        ReadResult result = reader.tryRead();
        if (result == null) {
            return 0;
        }
        int count = (int) Math.min(Integer.MAX_VALUE, result.buffer().length());
        reader.advanceTo(0);
        return count;
    }

    private ReadResult readTimed(MinDataRate rate) throws IOException {
        if (!bodyTimed) {
            bodyTimed = true;
            timeouts.startRequestBody(rate);
        }
        timeouts.startTimingRead();
        try {
            return reader.read();
        } finally {
            timeouts.stopTimingRead();
        }
    }

    /** Why the body is not whole: what took too long, or that the client ended its side. */
    IOException bodyEnded() {
        TimeoutReason reason = timedOut;
        if (reason == TimeoutReason.READ_DATA_RATE || reason == TimeoutReason.REQUEST_BODY_DRAIN) {
            return RequestRejectionReason.REQUEST_BODY_TIMEOUT.exception();
        }
        if (reason == TimeoutReason.REQUEST_HEADERS) {
            return RequestRejectionReason.REQUEST_HEADERS_TIMEOUT.exception();
        }
        return new ConnectionResetException(
                "The client ended its side in the middle of a request body", null);
    }

    /** Ends a wait for a new request, and lets none be read any more. From any thread. */
    void stop() {
        stopRequested = true;
        if (wait.compareAndSet(Wait.IDLE, Wait.STOPPED)) {
            reader.cancelPendingRead();
        }
    }

    /** Ends a wait that took too long. On the heartbeat's thread. */
    void onTimeout(TimeoutReason reason) {
        if (reason == TimeoutReason.KEEP_ALIVE) {
            stop();
        } else {
            timedOut = reason;
            reader.cancelPendingRead();
        }
    }
}
