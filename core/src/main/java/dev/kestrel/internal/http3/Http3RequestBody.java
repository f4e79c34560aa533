package dev.kestrel.internal.http3;

import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.BodyTiming;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.internal.protocol.StreamTunnel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The body of a request: whoever reads it reads the stream's frames, so what nobody reads stays in
 * the transport's window. One object serves the requests of one stream object after another.
 *
 * <p>The frames belong to whoever moved {@link Reading} last: the application while it reads, which
 * may do so on another thread, and else the stream's thread.
 */
final class Http3RequestBody implements StreamTunnel.Body {

    /** Whose the frames are. */
    private enum Reading {
        /** The stream's thread's. */
        IDLE,
        /** The application's. */
        ACTIVE,
        /** Still that of a reader which has been told to leave. */
        LEAVING,
        /** Nobody reads any more. */
        OVER
    }

    private final Http3Stream stream;
    private final Http3FrameReader frames;
    private final Http3Guards guards;
    private final BodyTiming timing;
    private final AtomicReference<Reading> reading = new AtomicReference<>(Reading.OVER);

    /** Who waits for a reader to leave. */
    private volatile @Nullable Thread waiter;

    // The reader's.
    private long contentLength;
    private long announced;
    private boolean trailersSeen;
    private boolean ended;
    private long limit;
    private long consumed;

    private volatile boolean tunnel;

    Http3RequestBody(Http3Stream stream, Http3Guards guards, TimeoutControl timeouts) {
        this.stream = stream;
        this.guards = guards;
        timing = new BodyTiming(timeouts);
        frames = new Http3FrameReader(timing);
    }

    /** The frames of the stream, for its head. */
    Http3FrameReader frames() {
        return frames;
    }

    /** A stream begins: there is no body yet, and no rate. */
    void beginHead() {
        ended = false;
        timing.begin();
        reading.set(Reading.OVER);
    }

    /**
     * The head was read.
     *
     * @param length what {@code content-length} says, or -1
     * @param connect whether it is a tunnel
     */
    void begin(long length, boolean connect) {
        contentLength = length;
        announced = 0;
        trailersSeen = false;
        ended = false;
        limit = -1;
        consumed = 0;
        tunnel = connect;
        reading.set(Reading.IDLE);
    }

    /** Sets how much may be read; -1 for everything. Before the first read. */
    void limit(long maxBytes) {
        limit = maxBytes;
    }

    /** Sets how fast the body must come while the application waits for it. */
    void rate(@Nullable MinDataRate rate) {
        timing.rate(rate);
    }

    @Override
    public void becomeTunnel() {
        limit = -1;
        timing.rate(null);
        timing.end();
    }

    @Override
    public void cancelRead() {
        frames.cancel();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (!reading.compareAndSet(Reading.IDLE, Reading.ACTIVE)) {
            throw over();
        }
        try {
            return readNow(target, offset, count);
        } catch (IOException e) {
            // A body that is too large is answered; all else ends the stream, or already has.
            throw stream.readFailed(e);
        } finally {
            doneReading();
        }
    }

    private int readNow(byte[] target, int offset, int count) throws IOException {
        while (frames.remaining() == 0) {
            if (ended || !nextData()) {
                return -1;
            }
        }
        int most = count;
        if (limit >= 0) {
            most = (int) Math.min(most, limit - consumed);
            if (most <= 0) {
                throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
            }
        }
        int n = frames.read(target, offset, most);
        if (n > 0) {
            consumed += n;
            timing.received(n);
        }
        return n;
    }

    /** Goes to the next DATA; false at the end of the body, or when the wait was cancelled. */
    private boolean nextData() throws IOException {
        while (frames.next()) {
            long type = frames.type();
            if (type == Http3FrameType.DATA && !trailersSeen) {
                announce(frames.remaining());
                return true;
            } else if (type == Http3FrameType.HEADERS && !trailersSeen && !tunnel) {
                // RFC 9114 section 4.1: what follows has the time of a field section.
                timing.end();
                trailersSeen = true;
                stream.readTrailers();
            } else {
                Http3FrameType.requireUnknown(type);
                guards.idleFrame();
                frames.skip();
            }
        }
        if (frames.hasEnded()) {
            end();
        }
        return false;
    }

    private void announce(long length) throws IOException {
        guards.data(length);
        announced += length;
        // It may be longer than any long.
        if (contentLength >= 0 && (announced < 0 || announced > contentLength)) {
            throw new Http3StreamException(
                    Http3ErrorCode.MESSAGE_ERROR, "There is more DATA than content-length says");
        }
    }

    private void end() throws Http3StreamException {
        ended = true;
        timing.end();
        stream.bodyRead();
        if (contentLength >= 0 && announced < contentLength) {
            throw new Http3StreamException(
                    Http3ErrorCode.MESSAGE_ERROR, "There is less DATA than content-length says");
        }
    }

    @Override
    public int available() throws IOException {
        if (!reading.compareAndSet(Reading.IDLE, Reading.ACTIVE)) {
            return 0;
        }
        try {
            return ended ? 0 : frames.available();
        } finally {
            doneReading();
        }
    }

    @Override
    public void discard() {
        timing.end();
        Reading before = reading.getAndUpdate(Http3RequestBody::over);
        if (before == Reading.ACTIVE || before == Reading.LEAVING) {
            stream.stopReading();
            awaitLeft();
        }
    }

    private static Reading over(Reading now) {
        return now == Reading.IDLE || now == Reading.OVER ? Reading.OVER : Reading.LEAVING;
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

    private void doneReading() {
        if (!reading.compareAndSet(Reading.ACTIVE, Reading.IDLE)) {
            reading.set(Reading.OVER);
            LockSupport.unpark(waiter);
        }
    }

    /** Whether the client has sent everything, as far as is known. After {@link #discard}. */
    boolean looksEnded() {
        try {
            return ended || frames.looksEnded();
        } catch (IOException e) {
            // It was aborted, and there is nothing to ask for.
            return true;
        }
    }

    private IOException over() {
        IOException reason = stream.endReason();
        if (reason == null) {
            throw new IllegalStateException("The body is read by another thread, or was given up");
        }
        return reason;
    }
}
