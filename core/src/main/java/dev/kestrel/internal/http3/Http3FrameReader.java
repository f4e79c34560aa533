package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.BodyTiming;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Reads the frames of one stream (RFC 9114 section 7.1): a type, a length, and a payload that is
 * looked at piece by piece, in the transport's memory. It waits where its thread waits; nothing is
 * read that is not asked for, so flow control does the rest.
 *
 * <p>Belongs to whoever reads the stream. It serves one stream after another.
 */
final class Http3FrameReader {

    private static final byte[] NOTHING = {};

    private final @Nullable BodyTiming timing;
    private @Nullable PipeReader input;
    private long type;
    private long remaining;
    private boolean ended;
    private volatile boolean canceled;

    // The piece that is being looked at.
    private byte[] array = NOTHING;
    private int from;
    private int to;

    /**
     * Makes a reader.
     *
     * @param timing is told when the reader waits
     */
    Http3FrameReader(@Nullable BodyTiming timing) {
        this.timing = timing;
    }

    /** Gets ready for a stream. */
    void begin(PipeReader reader) {
        input = reader;
        remaining = 0;
        ended = false;
        canceled = false;
    }

    /** The type of the frame. */
    long type() {
        return type;
    }

    /** How much of the frame's payload was not consumed. */
    long remaining() {
        return remaining;
    }

    /** Whether the end of the stream was read, behind a whole frame. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Reads the head of the next frame, when nothing remains of the last.
     *
     * @return false at the end of the stream
     * @throws Http3ConnectionException when the stream ends inside
     * @throws IOException when the stream was aborted, by either side
     */
    boolean next() throws IOException {
        PipeReader reader = reader();
        while (!ended) {
            ReadResult result = await(reader);
            ByteSequence buffer = result.buffer();
            boolean last = result.isCompleted();
            if (canceled) {
                reader.advanceTo(0);
                return false;
            }
            if (readHead(reader, buffer)) {
                return true;
            }
            boolean cut = !buffer.isEmpty();
            reader.advanceTo(0, buffer.length());
            if (last) {
                if (cut) {
                    throw truncated();
                }
                ended = true;
            }
        }
        return false;
    }

    private boolean readHead(PipeReader reader, ByteSequence buffer) {
        long frameType = VarInt.read(buffer, 0);
        if (frameType == VarInt.INCOMPLETE) {
            return false;
        }
        int at = VarInt.length(buffer.get(0));
        long length = VarInt.read(buffer, at);
        if (length == VarInt.INCOMPLETE) {
            return false;
        }
        at += VarInt.length(buffer.get(at));
        type = frameType;
        remaining = length;
        reader.advanceTo(at);
        return true;
    }

    /**
     * Waits for a piece of the payload, of which something remains. {@link #consume} follows.
     *
     * @return false when the wait was {@linkplain #cancel cancelled}
     * @throws Http3ConnectionException when the stream ends inside
     */
    boolean piece() throws IOException {
        PipeReader reader = reader();
        while (true) {
            ReadResult result = await(reader);
            ByteSequence buffer = result.buffer();
            if (!buffer.isEmpty() && !canceled) {
                show(buffer);
                return true;
            }
            boolean last = result.isCompleted();
            reader.advanceTo(0);
            if (canceled) {
                return false;
            }
            if (last) {
                throw truncated();
            }
        }
    }

    private void show(ByteSequence buffer) {
        int length = (int) Math.min(buffer.firstLength(), remaining);
        if (length > 0) {
            array = buffer.firstArray();
            from = buffer.firstOffset();
        } else {
            array = new byte[] {buffer.get(0)};
            from = 0;
            length = 1;
        }
        to = from + length;
    }

    /** The memory of the piece. */
    byte[] array() {
        return array;
    }

    /** Where in {@link #array()} the piece begins. */
    int from() {
        return from;
    }

    /** Where in {@link #array()} it ends; it is the last of its frame when nothing else remains. */
    int to() {
        return to;
    }

    /** Whether the frame ends with this piece. */
    boolean isLastPiece() {
        return to - from == remaining;
    }

    /** So many octets of the piece are done with; it is not to be looked at again. */
    void consume(int count) {
        remaining -= count;
        array = NOTHING;
        reader().advanceTo(count);
    }

    /**
     * Reads some of the payload.
     *
     * @return how many octets, at least one; -1 when the wait was cancelled
     */
    int read(byte[] target, int offset, int count) throws IOException {
        if (!piece()) {
            return -1;
        }
        int n = Math.min(count, to - from);
        System.arraycopy(array, from, target, offset, n);
        consume(n);
        return n;
    }

    /** Passes over what remains of the frame. */
    void skip() throws IOException {
        while (remaining > 0 && piece()) {
            consume(to - from);
        }
    }

    /** How much of the payload is there, without a wait. */
    int available() throws IOException {
        ReadResult result = remaining == 0 ? null : reader().tryRead();
        if (result == null) {
            return 0;
        }
        int count =
                (int) Math.min(Integer.MAX_VALUE, Math.min(remaining, result.buffer().length()));
        reader().advanceTo(0);
        return count;
    }

    /** Looks, without a wait, whether nothing follows behind the last frame. */
    boolean looksEnded() throws IOException {
        if (ended || remaining > 0) {
            return ended;
        }
        ReadResult result = reader().tryRead();
        if (result != null) {
            ended = result.isCompleted() && result.buffer().isEmpty();
            reader().advanceTo(0);
        }
        return ended;
    }

    /** Wakes whoever waits here; nothing more is read. From any thread. */
    void cancel() {
        canceled = true;
        PipeReader reader = input;
        if (reader != null) {
            reader.cancelPendingRead();
        }
    }

    /** Gives the memory of the stream back. */
    void end() {
        PipeReader reader = input;
        if (reader != null) {
            input = null;
            reader.complete();
        }
    }

    private ReadResult await(PipeReader reader) throws IOException {
        BodyTiming clock = timing;
        if (clock == null) {
            return reader.read();
        }
        ReadResult there = reader.tryRead();
        if (there != null) {
            return there;
        }
        boolean timed = clock.startWaiting();
        try {
            return reader.read();
        } finally {
            if (timed) {
                clock.stopWaiting();
            }
        }
    }

    private PipeReader reader() {
        PipeReader reader = input;
        if (reader == null) {
            throw new IllegalStateException("The stream is not read any more");
        }
        return reader;
    }

    /** RFC 9114 section 7.1. */
    private static Http3ConnectionException truncated() {
        return new Http3ConnectionException(
                Http3ErrorCode.FRAME_ERROR, "A stream ends in the middle of a frame");
    }
}
