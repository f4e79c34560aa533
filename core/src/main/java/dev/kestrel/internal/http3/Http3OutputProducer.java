package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.hpack.HPackWriteResult;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.internal.protocol.ResponseFieldRules;
import dev.kestrel.internal.protocol.StreamTunnel;
import dev.kestrel.internal.qpack.QPackHeaderWriter;
import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The way out of one stream: HEADERS and DATA frames into the transport's own memory, sent at a
 * flush, at the end, or when {@value #FLUSH_AT} octets wait. A body whose length is known is one
 * DATA frame; the others have a frame for each flush, whose length is filled in then. So a small
 * response is one flush, with the end of the stream.
 *
 * <p>Belongs to the stream's thread, and in a tunnel to whoever writes there. Serves one stream
 * after another.
 */
final class Http3OutputProducer implements StreamTunnel.Output {

    private static final int FLUSH_AT = 32 * 1024;

    /** An array as long is sent from where it is. */
    private static final int LARGE = 16 * 1024;

    /** So much of a body waits for the end of the stream, which is not to travel alone. */
    private static final int KEPT_FOR_END = 1024;

    private static final int DATA_HEAD = 5;
    private static final int SMALLEST_ROOM = 256;
    private static final byte[] NOTHING = {};

    private final Http3StreamLife stream;
    private final Http3QPack qpack;
    private final ResponseFieldRules rules;
    private final QPackHeaderWriter fields;
    private final Http3Deadline deadline;
    private final Http3Deadline.Clock clock;
    private final int blockSize;

    private @Nullable PipeWriter output;
    private volatile @Nullable MinDataRate rate;

    /** What a body of known length still lacks; -1 for another. */
    private long lacking;

    private boolean bodyBegun;

    // The DATA frame that is being filled.
    private byte[] frame = NOTHING;
    private int frameLengthAt;
    private int frameLength;

    Http3OutputProducer(Http3StreamLife stream, Http3StreamParts parts) {
        this.stream = stream;
        qpack = parts.qpack();
        rules = parts.rules();
        fields = qpack.newWriter();
        clock = parts.clock();
        deadline = new Http3Deadline(clock);
        blockSize = parts.context().services().memoryPool().blockSize();
    }

    /** Begins the output of a stream, before the application runs. */
    void begin(PipeWriter writer, @Nullable MinDataRate minimum) {
        output = writer;
        rate = minimum;
        lacking = -1;
        bodyBegun = false;
        frame = NOTHING;
        deadline.clear();
    }

    /** Gives back what was not sent. */
    void end(@Nullable Throwable reason) {
        PipeWriter writer = output;
        output = null;
        frame = NOTHING;
        if (writer != null) {
            writer.complete(reason);
        }
    }

    /**
     * Whether the client had its time to take what was written, which it did not use for other
     * streams. On the heartbeat.
     */
    boolean isTooSlow() {
        return deadline.expiredWithoutMove();
    }

    @Override
    public void rate(@Nullable MinDataRate value) {
        rate = value;
    }

    @Override
    public void writeInformational(int status, @Nullable HttpHeaders interim) throws IOException {
        stream.checkOpen();
        HttpHeaders copy = rules.snapshot(interim);
        writeSection(qpack.beginResponse(fields, stream.streamId(), status, copy));
        send();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the fields are more than the client takes
     */
    @Override
    public void writeHead(ProtocolResponse response, long length) throws IOException {
        stream.checkOpen();
        writeHead(response.status(), response.headers());
        // What no frame can say takes several.
        lacking = length > VarInt.MAX ? -1 : length;
    }

    private void writeHead(int status, HttpHeaders headers) {
        rules.prepareHead(headers);
        writeSection(qpack.beginResponse(fields, stream.streamId(), status, headers));
    }

    @Override
    public void tunnelHead(int status, HttpHeaders headers) throws IOException {
        stream.checkOpen();
        writeHead(status, headers);
        send();
    }

    @Override
    public void writeBody(byte[] source, int offset, int count) throws IOException {
        stream.checkOpen();
        if (lacking >= 0) {
            if (!bodyBegun) {
                bodyBegun = true;
                writeFrameHead(Http3FrameType.DATA, lacking);
            }
            lacking -= count;
            int kept = lacking == 0 ? Math.min(count, KEPT_FOR_END) : 0;
            put(source, offset, count - kept);
            writer().write(source, offset + count - kept, kept);
        } else if (count >= LARGE) {
            closeFrame();
            writeFrameHead(Http3FrameType.DATA, count);
            put(source, offset, count);
        } else {
            openFrame();
            writer().write(source, offset, count);
            frameLength += count;
            if (writer().unflushedBytes() >= FLUSH_AT) {
                flush();
            }
        }
    }

    /** Writes octets for which there is a frame. */
    private void put(byte[] source, int offset, int count) throws IOException {
        PipeWriter writer = writer();
        if (count >= LARGE) {
            int done = 0;
            while (done < count) {
                // Piece by piece, for each has its time.
                int piece = Math.min(count - done, 4 * FLUSH_AT);
                send(source, offset + done, piece);
                done += piece;
            }
            return;
        }
        writer.write(source, offset, count);
        if (writer.unflushedBytes() >= FLUSH_AT) {
            send();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the trailers are more than the client takes
     */
    @Override
    public void completeBody(@Nullable HttpHeaders trailers) throws IOException {
        stream.checkOpen();
        HttpHeaders last = rules.prepareTrailers(trailers);
        closeFrame();
        if (last != null) {
            writeSection(qpack.beginTrailers(fields, stream.streamId(), last));
        }
        PipeWriter writer = writer();
        if (writer.unflushedBytes() == 0) {
            // An end that travels alone may be lost for ever: see StreamContext.
            writeFrameHead(Http3FrameType.DATA, 0);
        }
        startTiming(writer.unflushedBytes());
        try {
            writer.complete();
        } finally {
            deadline.clear();
        }
        stream.responseSent();
    }

    @Override
    public void flush() throws IOException {
        stream.checkOpen();
        closeFrame();
        send();
    }

    // Frames.

    private void openFrame() {
        if (frame == NOTHING) {
            PipeWriter writer = writer();
            frame = writer.reserve(DATA_HEAD);
            int at = writer.position();
            frame[at] = (byte) Http3FrameType.DATA;
            frameLengthAt = at + 1;
            frameLength = 0;
            writer.advance(DATA_HEAD);
        }
    }

    private void closeFrame() {
        if (frame != NOTHING) {
            VarInt.write4(frameLength, frame, frameLengthAt);
            frame = NOTHING;
        }
    }

    private void writeFrameHead(long type, long length) {
        PipeWriter writer = writer();
        byte[] array = writer.reserve(2 * VarInt.MAX_LENGTH);
        int start = writer.position();
        int at = VarInt.write(length, array, VarInt.write(type, array, start));
        writer.advance(at - start);
    }

    /** Writes HEADERS with the section that was begun. */
    private void writeSection(int length) {
        writeFrameHead(Http3FrameType.HEADERS, length);
        PipeWriter writer = writer();
        int left = length;
        int room = Math.min(length, SMALLEST_ROOM);
        while (true) {
            byte[] array = writer.reserve(Math.max(1, room));
            int at = writer.position();
            HPackWriteResult result = fields.write(array, at, array.length);
            int count = fields.end() - at;
            writer.advance(count);
            left -= count;
            int most = Math.min(left, blockSize);
            if (result == HPackWriteResult.DONE) {
                return;
            } else if (result == HPackWriteResult.BUFFER_TOO_SMALL && room >= most) {
                byte[] all = new byte[left];
                fields.write(all, 0, left);
                writer.write(all, 0, fields.end());
                return;
            }
            room = most;
        }
    }

    // The transport.

    private void send() throws IOException {
        PipeWriter writer = writer();
        if (writer.unflushedBytes() > 0) {
            send(NOTHING, 0, 0);
        }
    }

    /** Sends what was written and these, and waits while the client is slower. */
    private void send(byte[] source, int offset, int count) throws IOException {
        PipeWriter writer = writer();
        startTiming(writer.unflushedBytes() + count);
        try {
            FlushResult result =
                    count == 0 ? writer.flush() : writer.writeAndFlush(source, offset, count);
            while (result == FlushResult.CANCELED && writer.unflushedBytes() > 0) {
                result = writer.flush();
            }
            if (result == FlushResult.COMPLETED) {
                throw new ConnectionResetException("The client no longer reads", null);
            }
            clock.moved();
        } catch (IOException e) {
            throw stream.failed(e);
        } finally {
            deadline.clear();
        }
    }

    private void startTiming(long count) {
        MinDataRate minimum = rate;
        if (minimum != null) {
            double nanos = count * 1e9 / minimum.bytesPerSecond();
            deadline.set(Math.max(TimeoutControl.nanos(minimum.gracePeriod()), (long) nanos));
        }
    }

    private PipeWriter writer() {
        PipeWriter writer = output;
        if (writer == null) {
            throw new IllegalStateException("The response has ended");
        }
        return writer;
    }
}
