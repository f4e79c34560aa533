package dev.kestrel.internal.http2;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.protocol.HttpOutputProducer;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.internal.protocol.ResponseFieldRules;
import dev.kestrel.internal.protocol.StreamTunnel;
import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way out of one stream: the head and a pipe of body bytes, which the {@link Http2FrameWriter}
 * turns into frames when this producer has {@linkplain Http2FrameWriter#schedule scheduled} itself.
 * Nothing is scheduled before a flush, the end, or {@value #COMMIT_AT} bytes, so a small response
 * goes out whole. Serves one stream after another.
 *
 * <p>The methods of {@link HttpOutputProducer} are the stream's thread's; {@link #begin} and {@link
 * #recycle} belong to whoever owns the stream while no application runs; for the others it is said.
 * How it ends is {@link Http2OutputEnd}'s.
 */
final class Http2OutputProducer implements StreamTunnel.Output {

    private static final int MOST_BUFFERED = 64 * 1024;
    private static final int COMMIT_AT = 32 * 1024;
    private static final int PIECE = 16 * 1024;

    private final Http2FrameWriter writer;
    private final ResponseFieldRules rules;
    private final Http2OutputEnd end;
    private final @Nullable MinDataRate defaultRate;
    private final OutputWindow window = new OutputWindow(0);
    private final Http2OutputHead head = new Http2OutputHead();
    private final Pipe pipe;
    private final long commitAt;

    private int streamId;
    private volatile Priority priority = Priority.DEFAULT;
    private volatile @Nullable MinDataRate rate;

    // The stream's thread's.
    private boolean quiet;

    // The writer's channel.
    final AtomicBoolean scheduled = new AtomicBoolean();
    @Nullable Http2OutputProducer next;

    // The writer's queue.
    Http2ProducerQueue.Place place = Http2ProducerQueue.Place.NOWHERE;
    int level;
    @Nullable Http2OutputProducer before;
    @Nullable Http2OutputProducer after;

    // The writer's alone.
    boolean headWritten;
    boolean stalled;

    /** The writer waits for the window of the stream. Written by it, read by the frame loop. */
    volatile boolean windowBlocked;

    Http2OutputProducer(Http2FrameWriter writer, HttpServices services, Http2OutputOwner owner) {
        this.writer = writer;
        rules = writer.responseFields();
        defaultRate = services.options().limits().minResponseDataRate();
        long pauseAt = Math.clamp(services.responseBufferSize(), 1, MOST_BUFFERED);
        commitAt = Math.min(pauseAt, COMMIT_AT);
        pipe =
                new Pipe(
                        services.memoryPool(),
                        new PipeOptions(pauseAt, Math.max(1, pauseAt / 2)),
                        this::readable);
        end = new Http2OutputEnd(this, writer, owner, pipe.writer());
    }

    /**
     * Begins the output of a stream, on the frame loop, before the stream's thread runs.
     *
     * @param inputOpen whether the client may still send on the stream; {@link #inputEnded} follows
     */
    void begin(int id, int initialWindow, boolean inputOpen) {
        streamId = id;
        window.reset(initialWindow);
        priority = Priority.DEFAULT;
        rate = defaultRate;
        headWritten = false;
        windowBlocked = false;
        // Last: from here on the writer looks at it.
        end.begin(id, inputOpen);
    }

    /**
     * Forgets the stream, after {@link Http2OutputOwner#outputEnded} and after its thread is done.
     * Should it be scheduled still, that does no harm.
     */
    void recycle() {
        quiet = true;
        pipe.writer().complete();
        quiet = false;
        // The writer has done so, unless the stream was refused and never began.
        pipe.reader().complete();
        pipe.reset();
        head.clear();
        end.clear();
    }

    @Override
    public void writeInformational(int status, @Nullable HttpHeaders fields) throws IOException {
        end.check();
        head.addInterim(status, rules.snapshot(fields));
        writer.schedule(this);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the fields are more than the client takes
     */
    @Override
    public void writeHead(ProtocolResponse response, long length) throws IOException {
        end.check();
        rules.prepareHead(response.headers());
        head.set(response.status(), response.headers());
    }

    /** Opens a tunnel, with fields that can still be changed, and sends that at once. */
    @Override
    public void tunnelHead(int status, HttpHeaders fields) throws IOException {
        end.check();
        rules.prepareHead(fields);
        head.set(status, fields);
        flush();
    }

    @Override
    public void writeBody(byte[] source, int offset, int count) throws IOException {
        end.check();
        PipeWriter body = pipe.writer();
        int stream = streamId;
        int done = 0;
        while (done < count) {
            int piece = Math.min(PIECE, count - done);
            body.write(source, offset + done, piece);
            done += piece;
            if (body.unflushedBytes() >= commitAt) {
                commit();
                if (streamId != stream) {
                    throw new IOException("The response has ended");
                }
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the trailers are more than the client takes
     */
    @Override
    public void completeBody(@Nullable HttpHeaders trailers) throws IOException {
        end.check();
        head.trailers(rules.prepareTrailers(trailers));
        head.publish();
        // The writer is to see the last bytes and the end at once.
        quiet = true;
        pipe.writer().complete();
        quiet = false;
        writer.scheduleLast(this);
    }

    @Override
    public void flush() throws IOException {
        end.check();
        commit();
    }

    /** Hands on what was written, and waits while the client is slower. */
    private void commit() throws IOException {
        PipeWriter body = pipe.writer();
        if (head.publish() && body.unflushedBytes() == 0) {
            writer.schedule(this);
        }
        FlushResult result;
        try {
            result = body.flush();
        } catch (IOException e) {
            end.check();
            throw e;
        }
        if (result != FlushResult.CONTINUE) {
            end.check();
            throw new IOException("The response has ended");
        }
    }

    private void readable() {
        if (!quiet) {
            writer.schedule(this);
        }
    }

    /** Sets how fast the client must take what follows. On the stream's thread. */
    @Override
    public void rate(@Nullable MinDataRate value) {
        rate = value;
    }

    /**
     * Ends the output with RST_STREAM, once. What was flushed goes out before it as far as the
     * windows allow; the rest is dropped, unless the response is complete and the code is NO_ERROR:
     * then it goes out whole first. When END_STREAM was sent already, RST_STREAM follows it if the
     * client may still send. From any thread.
     *
     * @param reason what the application is told that waits or writes
     */
    void reset(long errorCode, IOException reason) {
        end.abort(new Http2OutputEnd.Abort(true, errorCode, reason));
    }

    /**
     * Ends the output and sends nothing: the client has reset the stream, or the connection is
     * over. From any thread.
     *
     * @param reason what the application is told that waits or writes
     */
    void drop(IOException reason) {
        end.abort(new Http2OutputEnd.Abort(false, 0, reason));
    }

    /** The client has ended its side. From the frame loop. */
    void inputEnded() {
        end.inputEnded();
    }

    /** The client has sent what it must not: a reset is sent even behind END_STREAM. */
    void inputGoesOn() {
        end.inputGoesOn();
    }

    /**
     * The client takes more. From the frame loop.
     *
     * @return false when the window would pass 2^31-1
     */
    boolean increaseWindow(int increment) {
        boolean fits = window.increase(increment);
        windowChanged();
        return fits;
    }

    /**
     * SETTINGS_INITIAL_WINDOW_SIZE has changed. From the frame loop.
     *
     * @return false when the window would pass 2^31-1
     */
    boolean shiftWindow(int delta) {
        boolean fits = window.shift(delta);
        windowChanged();
        return fits;
    }

    private void windowChanged() {
        if (windowBlocked && window.available() > 0) {
            writer.schedule(this);
        }
    }

    /** Sets how the client wants it served. From any thread. */
    void priority(Priority value) {
        priority = value;
    }

    // What follows is for the writer.

    int streamId() {
        return streamId;
    }

    Priority priority() {
        return priority;
    }

    @Nullable MinDataRate rate() {
        return rate;
    }

    OutputWindow window() {
        return window;
    }

    Http2OutputHead head() {
        return head;
    }

    Http2OutputEnd end() {
        return end;
    }

    PipeReader body() {
        return pipe.reader();
    }
}
