package dev.kestrel.conformance;

import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.testkit.Http2Frames;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A client of HTTP/2 that asks the same again and again, each time on a new stream, and never has
 * more than some requests open. Its frames are made before, and of what comes back it only counts
 * the ends of streams: it allocates nothing.
 *
 * <p>Reads come from the connection's frame loop, writes from its writer.
 */
final class RepeatedHttp2Request implements ByteSource, ByteSink {

    private static final int HEAD = 9;
    private static final int FIRST_DYNAMIC_INDEX = 62;

    private final byte[] start;
    private final byte[] request;
    private final int times;
    private final int atOnce;
    private final IntConsumer beforeRead;

    // The frame loop's.
    private int asked;

    // The writer's: where in a frame it is.
    private final byte[] head = new byte[HEAD];
    private int headBytes;
    private int payloadLeft;

    private volatile int answered;
    private volatile boolean canceled;
    private volatile @Nullable Thread reader;

    /**
     * Asks {@code times} times.
     *
     * @param atOnce how many requests are open together
     * @param beforeRead hears how many requests were answered, whenever all are
     * @param fields names of header fields, each followed by its value; the first request puts them
     *     into the table of the server's decoder, the others consist of indices
     */
    RepeatedHttp2Request(int times, int atOnce, IntConsumer beforeRead, String... fields) {
        this.times = times;
        this.atOnce = atOnce;
        this.beforeRead = beforeRead;
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        int count = fields.length / 2;
        for (int i = 0; i < count; i++) {
            // RFC 7541 section 6.2.1: a literal with incremental indexing.
            first.write(0x40);
            string(first, fields[2 * i]);
            string(first, fields[2 * i + 1]);
            // RFC 7541 section 6.1; the newest entry has the lowest index.
            others.write(0x80 | (FIRST_DYNAMIC_INDEX + count - 1 - i));
        }
        start =
                join(
                        Http2Frames.preface(),
                        frame(Http2Frames.SETTINGS, 0, 0),
                        frame(Http2Frames.SETTINGS, Http2Frames.ACK, 0),
                        frame(Http2Frames.WINDOW_UPDATE, 0, 0, ints(1 << 30)),
                        headers(1, first.toByteArray()));
        request = headers(0, others.toByteArray());
    }

    private static byte[] headers(int streamId, byte[] block) {
        int flags = Http2Frames.END_STREAM | Http2Frames.END_HEADERS;
        return frame(Http2Frames.HEADERS, flags, streamId, block);
    }

    private static void string(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(bytes(text));
    }

    int answered() {
        return answered;
    }

    @Override
    public int read(ByteBuffer target) {
        reader = Thread.currentThread();
        while (answered < asked && !canceled) {
            LockSupport.park(this);
        }
        if (canceled) {
            return 0;
        }
        beforeRead.accept(asked);
        if (asked == times) {
            return -1;
        }
        int from = target.position();
        if (asked == 0) {
            target.put(start);
            asked = 1;
            return target.position() - from;
        }
        int most = Math.min(times, asked + atOnce);
        // A measure wants to see round numbers.
        most = Math.min(most, asked - asked % atOnce + atOnce);
        while (asked < most && target.remaining() >= request.length) {
            int at = target.position();
            target.put(request);
            target.putInt(at + 5, asked++ * 2 + 1);
        }
        return target.position() - from;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void cancel() {
        canceled = true;
        LockSupport.unpark(reader);
    }

    @Override
    public void write(ByteBuffer source) {
        int ended = 0;
        while (source.hasRemaining()) {
            if (payloadLeft > 0) {
                int skipped = Math.min(payloadLeft, source.remaining());
                source.position(source.position() + skipped);
                payloadLeft -= skipped;
                continue;
            }
            head[headBytes++] = source.get();
            if (headBytes == HEAD) {
                headBytes = 0;
                payloadLeft = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
                boolean message = head[3] == Http2Frames.DATA || head[3] == Http2Frames.HEADERS;
                if (message && (head[4] & Http2Frames.END_STREAM) != 0) {
                    ended++;
                }
            }
        }
        if (ended > 0) {
            answered = answered + ended;
            LockSupport.unpark(reader);
        }
    }

    @Override
    public void write(ByteBuffer[] sources, int length) {
        for (int i = 0; i < length; i++) {
            write(sources[i]);
        }
    }
}
