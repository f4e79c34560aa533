package dev.kestrel.internal.http2;

import static dev.kestrel.internal.http2.Http2ControlFrames.FRAME_HEAD;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Frames into the transport's writer, which is flushed when 64 KiB wait, or more when the client
 * has taken all so far at once; with the clock that says how fast the client must take them.
 * Belongs to the frame writer's thread.
 */
final class Http2FrameOutput implements PipeWriter.Progress {

    /** As much is sent with one flush, and goes between two looks at the control frames. */
    static final int FLUSH_AT = PipeWriter.SOME;

    /** The most that is sent with one flush. A frame fits in behind what was not enough. */
    static final int FLUSH_AT_MOST = 4 * FLUSH_AT - 32 * 1024;

    private final PipeWriter output;
    private final TimeoutControl timeouts;
    private final Http2ControlFrames controls;
    private final @Nullable MinDataRate controlRate;

    // Of what was written since the last flush.
    private @Nullable MinDataRate rate;
    private boolean responses;

    /** How much the next flush waits for. */
    private int flushAt = FLUSH_AT;

    // Of the flush that goes on.
    private @Nullable MinDataRate timing;
    private long untimed;
    private int parts;

    private volatile boolean flushing;

    Http2FrameOutput(
            PipeWriter output,
            TimeoutControl timeouts,
            Http2ControlFrames controls,
            @Nullable MinDataRate controlRate) {
        this.output = output;
        this.timeouts = timeouts;
        this.controls = controls;
        this.controlRate = controlRate;
    }

    /** A frame of a response follows, which the client must take at a rate; the greatest counts. */
    void responseFollows(@Nullable MinDataRate minimum) {
        responses = true;
        MinDataRate other = rate;
        if (minimum != null
                && (other == null || minimum.bytesPerSecond() > other.bytesPerSecond())) {
            rate = minimum;
        }
    }

    /** Whether control frames wait. */
    boolean hasControls() {
        return controls.isPending();
    }

    /**
     * Writes all control frames that wait.
     *
     * @return how many of them acknowledge SETTINGS
     */
    int writeControls() throws IOException {
        int acks = controls.drainTo(output);
        flushIfFull();
        return acks;
    }

    /** Writes a frame whose payload is in an array. */
    void frame(int type, int flags, int streamId, byte[] payload, int from, int length)
            throws IOException {
        head(length, type, flags, streamId);
        output.write(payload, from, length);
        flushIfFull();
    }

    /** Writes the first bytes of a sequence as DATA. */
    void data(int flags, int streamId, ByteSequence payload, int length) throws IOException {
        head(length, Http2FrameType.DATA, flags, streamId);
        int done = 0;
        while (done < length) {
            byte[] array = output.reserve(1);
            int at = output.position();
            int count = Math.min(length - done, array.length - at);
            payload.copyTo(done, array, at, count);
            output.advance(count);
            done += count;
        }
    }

    /** Ends a stream whose last byte was sent before. */
    void emptyData(int streamId) {
        head(0, Http2FrameType.DATA, Http2Flags.END_STREAM, streamId);
    }

    void rstStream(int streamId, long code) {
        head(4, Http2FrameType.RST_STREAM, Http2Flags.NONE, streamId);
        write32((int) code);
    }

    void goAway(int lastStream, Http2ErrorCode code) {
        head(8, Http2FrameType.GOAWAY, Http2Flags.NONE, 0);
        write32(lastStream);
        write32(code.code());
    }

    void flushIfFull() throws IOException {
        if (output.unflushedBytes() >= flushAt) {
            flush();
        }
    }

    /** Whether frames of a response were written and not sent. */
    boolean hasResponses() {
        return responses;
    }

    /** Sends what was written, and waits while the client is slower. */
    void flush() throws IOException {
        long count = output.unflushedBytes();
        if (count == 0) {
            return;
        }
        MinDataRate minimum = responses ? rate : controlRate;
        // The client never has the time for more than a part of it, however large it is.
        untimed = Math.max(0, count - FLUSH_AT);
        timing = minimum;
        parts = 0;
        startTiming(count - untimed);
        flushing = true;
        try {
            FlushResult result;
            do {
                result = output.flush(this);
            } while (result == FlushResult.CANCELED && output.unflushedBytes() > 0);
            if (result == FlushResult.COMPLETED) {
                throw new ConnectionResetException("The client no longer reads", null);
            }
        } finally {
            flushing = false;
            stopTiming();
            timing = null;
            rate = null;
            responses = false;
        }
        flushAt = parts == 1 ? Math.min(2 * flushAt, FLUSH_AT_MOST) : FLUSH_AT;
        controls.flushed();
    }

    /** What was taken gives the time for as much again. */
    @Override
    public void taken(long count) {
        parts++;
        long more = Math.min(Math.min(count, FLUSH_AT), untimed);
        if (more > 0) {
            untimed -= more;
            stopTiming();
            startTiming(more);
        }
    }

    private void startTiming(long count) {
        MinDataRate minimum = timing;
        if (minimum != null) {
            timeouts.bytesWritten(minimum, count);
            timeouts.startTimingWrite();
        }
    }

    private void stopTiming() {
        if (timing != null) {
            timeouts.stopTimingWrite();
        }
    }

    /** Whether the writer waits for the client to take bytes. From any thread. */
    boolean isFlushing() {
        return flushing;
    }

    private void head(int length, int type, int flags, int streamId) {
        byte[] array = output.reserve(FRAME_HEAD);
        Http2ControlFrames.putHead(array, output.position(), length, type, flags, streamId);
        output.advance(FRAME_HEAD);
    }

    private void write32(int value) {
        byte[] array = output.reserve(4);
        int at = output.position();
        array[at] = (byte) (value >>> 24);
        array[at + 1] = (byte) (value >>> 16);
        array[at + 2] = (byte) (value >>> 8);
        array[at + 3] = (byte) value;
        output.advance(4);
    }
}
