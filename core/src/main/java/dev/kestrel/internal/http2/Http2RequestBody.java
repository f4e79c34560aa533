package dev.kestrel.internal.http2;

import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.BodyTiming;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.internal.protocol.StreamTunnel;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The body of a request: the frame loop puts DATA in, the stream's thread reads. The pipe between
 * them has no limit of its own, for the peer may not send more than the stream's window; so the
 * frame loop never waits here. One object serves the requests of one stream object after another.
 *
 * <p>Every byte that came, padding included, goes back to the connection's window exactly once:
 * when it is padding, when the application has read it, or when nobody will read it any more.
 *
 * <p>The writing end of the pipe belongs to the frame loop. The reading end belongs to whoever
 * moved {@link Reading} last: the application while it reads, and after the end of the body the
 * thread that found nobody reading.
 */
final class Http2RequestBody implements StreamTunnel.Body {

    /** Whose the reading end of the pipe is. */
    private enum Reading {
        /** Nobody's now. */
        IDLE,
        /** The application's. */
        ACTIVE,
        /** Still that of a reader which has been told to leave, and then ends the pipe. */
        LEAVING,
        /** Nobody reads any more: what is in the pipe is dropped as soon as that is allowed. */
        OVER
    }

    private final InputFlowControl connectionInput;
    private final WindowUpdates windowUpdates;
    private final BodyTiming timing;
    private final InputFlowControl input = new InputFlowControl(0);
    private final Pipe pipe;
    private final PipeWriter writer;
    private final PipeReader reader;
    private final ByteSequence.BlockAction writeBlock;
    private final AtomicReference<Reading> reading = new AtomicReference<>(Reading.IDLE);
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    /** Who waits for a reader to leave. */
    private volatile @Nullable Thread waiter;

    private int streamId;

    /** END_STREAM came: the peer needs no more of this stream's window. */
    private volatile boolean ended;

    /** {@link #cancelRead()} was called: for this reader there is nothing more. */
    private volatile boolean canceled;

    // The frame loop's.
    private long contentLength;
    private long received;

    // The stream's thread's.
    private long limit;
    private long consumed;

    Http2RequestBody(
            MemoryPool pool,
            TimeoutControl timeouts,
            InputFlowControl connectionInput,
            WindowUpdates windowUpdates) {
        this.connectionInput = connectionInput;
        this.windowUpdates = windowUpdates;
        timing = new BodyTiming(timeouts);
        pipe = new Pipe(pool, PipeOptions.UNLIMITED);
        writer = pipe.writer();
        reader = pipe.reader();
        writeBlock = writer::write;
    }

    /**
     * Gets ready for a body without a limit and without a rate. On the frame loop, before the
     * stream's thread starts.
     *
     * @param id the stream
     * @param window how many bytes the peer may send before any was read
     * @param length what {@code content-length} says, or -1
     */
    void begin(int id, int window, long length) {
        streamId = id;
        contentLength = length;
        received = 0;
        limit = -1;
        consumed = 0;
        ended = false;
        canceled = false;
        input.reset(window);
        timing.begin();
    }

    // The frame loop's side.

    /**
     * Takes the DATA of a frame. The caller has taken the frame from the connection's window.
     *
     * @param payload without padding; copied
     * @param flowControlled the length of the frame, which counts for the windows
     * @throws Http2StreamException when it is more than the stream's window or than {@code
     *     content-length}; the caller resets the stream and {@linkplain #fail fails} the body
     */
    void receive(ByteSequence payload, int flowControlled) throws IOException {
        if (!input.tryReceive(flowControlled)) {
            giveBackToConnection(flowControlled);
            if (input.isStopped()) {
                return;
            }
            throw malformed(
                    Http2ErrorCode.FLOW_CONTROL_ERROR,
                    "The client sent more than the stream's window allows");
        }
        int length = (int) payload.length();
        received += length;
        if (contentLength >= 0 && received > contentLength) {
            throw malformed(
                    Http2ErrorCode.PROTOCOL_ERROR, "There is more DATA than content-length says");
        }
        if (length < flowControlled) {
            release(flowControlled - length);
        }
        if (length > 0) {
            timing.received(length);
            payload.forEach(writeBlock);
            writer.flush();
        }
    }

    /** All DATA is there, and only trailers follow: it is not the body that is waited for. */
    void lastByteCame() {
        timing.end();
    }

    /**
     * END_STREAM came.
     *
     * @throws Http2StreamException when less came than {@code content-length} says (RFC 9113
     *     section 8.1.1); the caller resets the stream and {@linkplain #fail fails} the body
     */
    void end() throws Http2StreamException {
        ended = true;
        timing.end();
        if (contentLength >= 0 && received < contentLength && !input.isStopped()) {
            throw malformed(
                    Http2ErrorCode.PROTOCOL_ERROR, "There is less DATA than content-length says");
        }
        writer.complete();
    }

    /**
     * The application is not told here: the stream has to be reset first, or what the application
     * makes of it would be the reason.
     */
    private Http2StreamException malformed(Http2ErrorCode code, String message) {
        return new Http2StreamException(streamId, code, message);
    }

    // From any thread.

    /**
     * Ends the body before its time: the stream was reset, or the connection has ended. A read that
     * waits and all that follow throw this; what was not read goes back to the connection's window.
     * Only the first call counts. From any thread.
     */
    void fail(IOException reason) {
        if (failure.compareAndSet(null, reason)) {
            stopReading();
        }
    }

    /**
     * The application is done with the body: drops what is there and all that still comes, and
     * waits until another thread that reads, though its request is over, has noticed. It does not
     * touch the pipe after that, nor the memory that it read into. On the stream's thread.
     */
    @Override
    public void discard() {
        stopReading();
        if (reading.get() == Reading.LEAVING) {
            awaitLeft();
        }
    }

    private void awaitLeft() {
        boolean interrupted = false;
        waiter = Thread.currentThread();
        while (reading.get() == Reading.LEAVING) {
            LockSupport.park(this);
            // The reader is on its way; an interrupt is left for later.
            interrupted |= Thread.interrupted();
        }
        waiter = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopReading() {
        timing.end();
        int unread = input.stop();
        if (unread > 0) {
            giveBackToConnection(unread);
        }
        Reading before = reading.getAndUpdate(Http2RequestBody::over);
        if (before == Reading.IDLE) {
            reader.complete();
        } else if (before == Reading.ACTIVE) {
            reader.cancelPendingRead();
        }
    }

    private static Reading over(Reading now) {
        return now == Reading.IDLE || now == Reading.OVER ? Reading.OVER : Reading.LEAVING;
    }

    /** Gives bytes of this stream back to both windows, unless the end of reading has done so. */
    private void release(int bytes) {
        int increment = input.release(bytes);
        if (increment == InputFlowControl.STOPPED) {
            return;
        }
        if (increment > 0 && !ended) {
            windowUpdates.send(streamId, increment);
        }
        giveBackToConnection(bytes);
    }

    private void giveBackToConnection(int bytes) {
        int increment = connectionInput.release(bytes);
        if (increment > 0) {
            windowUpdates.send(0, increment);
        }
    }

    // The stream's thread's side.

    /** Sets how much may be read; -1 for everything. Before the first read. */
    void limit(long maxBytes) {
        limit = maxBytes;
    }

    /** The bytes are those of a tunnel from now on: any number, at any speed. */
    @Override
    public void becomeTunnel() {
        limit = -1;
        timing.rate(null);
        timing.end();
    }

    /**
     * Wakes a read that waits, which says like all that follow that the body ended. From any
     * thread.
     */
    @Override
    public void cancelRead() {
        canceled = true;
        reader.cancelPendingRead();
    }

    /** Sets how fast the body must come while the application waits for it. */
    void rate(@Nullable MinDataRate rate) {
        timing.rate(rate);
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (!reading.compareAndSet(Reading.IDLE, Reading.ACTIVE)) {
            throw over();
        }
        int n;
        try {
            n = readNow(target, offset, count);
        } finally {
            doneReading();
        }
        if (n > 0) {
            release(n);
        }
        return n;
    }

    @Override
    public int available() throws IOException {
        if (!reading.compareAndSet(Reading.IDLE, Reading.ACTIVE)) {
            return 0;
        }
        try {
            ReadResult result = reader.tryRead();
            if (result == null) {
                return 0;
            }
            int count = (int) Math.min(Integer.MAX_VALUE, result.buffer().length());
            reader.advanceTo(0);
            return count;
        } finally {
            doneReading();
        }
    }

    private int readNow(byte[] target, int offset, int count) throws IOException {
        ReadResult result = reader.tryRead();
        if (result == null) {
            if (canceled) {
                return -1;
            }
            result = await();
        }
        ByteSequence buffer = result.buffer();
        if (reading.get() != Reading.ACTIVE) {
            reader.advanceTo(0);
            throw over();
        }
        if (buffer.isEmpty()) {
            boolean isEnd = result.isCompleted() || canceled;
            reader.advanceTo(0);
            // Cancelled on behalf of an earlier request: nothing is not the end.
            return isEnd ? -1 : readNow(target, offset, count);
        }
        int n = (int) Math.min(count, buffer.length());
        if (limit >= 0) {
            n = (int) Math.min(n, limit - consumed);
            if (n <= 0) {
                reader.advanceTo(0);
                throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
            }
        }
        buffer.copyTo(0, target, offset, n);
        reader.advanceTo(n);
        consumed += n;
        return n;
    }

    private ReadResult await() throws IOException {
        boolean timed = timing.startWaiting();
        try {
            return reader.read();
        } finally {
            if (timed) {
                timing.stopWaiting();
            }
        }
    }

    /** Leaves the pipe's end to others; when reading was ended meanwhile, ends it for them. */
    private void doneReading() {
        if (!reading.compareAndSet(Reading.ACTIVE, Reading.IDLE)) {
            reader.complete();
            reading.set(Reading.OVER);
            LockSupport.unpark(waiter);
        }
    }

    private IOException over() {
        IOException reason = failure.get();
        if (reason == null) {
            throw new IllegalStateException("The body is read by another thread, or was given up");
        }
        return reason;
    }

    /** Makes the object ready for another stream, when neither thread will use it any more. */
    void recycle() {
        stopReading();
        writer.complete();
        reader.complete();
        pipe.reset();
        failure.set(null);
        reading.set(Reading.IDLE);
    }
}
