package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.hpack.HPackDecoder;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.HttpProtocol;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A frame writer over a pipe that the test reads. It runs from {@link #start()} on, so a test can
 * have things wait before it.
 */
final class WriterTesting implements Http2FrameWriter.Listener {

    static final String DATE = "Thu, 01 Jan 1970 00:00:00 GMT";

    final MemoryPool pool = new MemoryPool(4096);
    final List<TimeoutReason> timeouts = new CopyOnWriteArrayList<>();
    final TimeoutControl clock = new TimeoutControl(timeouts::add, 0);
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final Pipe toClient;
    final HttpServices services;
    final Http2FrameWriter writer;
    final HPackDecoder decoder =
            new HPackDecoder(4096, new HPackLimits(1 << 24, 1 << 26, 1_000_000));
    private final ConnectionContext connection;
    private final InputStream received;
    private boolean started;

    WriterTesting() {
        this(KestrelServerOptions.builder().build(), PipeOptions.UNLIMITED);
    }

    WriterTesting(KestrelServerOptions options, PipeOptions transport) {
        toClient = new Pipe(pool, transport);
        received = toClient.reader().asInputStream();
        services =
                new HttpServices(
                        options,
                        pool,
                        new DateHeaderValueManager(Instant.EPOCH),
                        new ResourceCounter(1),
                        new HttpCounters());
        connection = new Connection(pool, toClient);
        writer =
                new Http2FrameWriter(
                        new HttpConnectionContext(connection, services, clock, "https", null),
                        this);
    }

    /** Runs the writer from now on. */
    WriterTesting start() {
        started = true;
        Thread.ofVirtual().start(writer);
        return this;
    }

    /** Ends the writer, without a frame, and waits for it. */
    void stop() throws InterruptedException {
        if (started) {
            writer.stop();
            writer.join();
        }
    }

    @Override
    public int streamsRunning() {
        // Others, so that it is always the writer's thread that writes.
        return 2;
    }

    @Override
    public void writeFailed(IOException error) {
        failures.add(error);
    }

    @Override
    public void headersFailed(IllegalArgumentException error) {
        failures.add(error);
    }

    /** A stream whose windows are as they are at first. */
    Stream stream(int id) {
        return stream(id, 65_535, false);
    }

    Stream stream(int id, int window, boolean inputOpen) {
        return new Stream(this).begin(id, window, inputOpen);
    }

    /** A frame as it came. */
    record Frame(int type, int flags, int streamId, byte[] payload) {

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        @Override
        public String toString() {
            return Http2FrameType.nameOf(type)
                    + " "
                    + streamId
                    + " "
                    + flags
                    + " "
                    + payload.length;
        }
    }

    /** Waits for a frame. */
    Frame read() throws IOException {
        byte[] head = received.readNBytes(9);
        if (head.length < 9) {
            throw new IOException("The writer has ended");
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        byte[] payload = received.readNBytes(length);
        return new Frame(head[3], head[4] & 0xff, number(head, 5), payload);
    }

    /** Waits for so many frames, and shows each as {@code type stream flags length}. */
    List<String> read(int count) throws IOException {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(read().toString());
        }
        return frames;
    }

    static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /** Decodes a header block that is in one frame. */
    List<String> fields(Frame frame) throws HPackException {
        return fields(frame.payload);
    }

    List<String> fields(byte[] block) throws HPackException {
        List<String> fields = new ArrayList<>();
        decoder.decode(
                block,
                0,
                block.length,
                true,
                (name, value) -> fields.add(name.text() + ": " + value));
        return fields;
    }

    /** A stream with all that makes a response. */
    static final class Stream extends HttpProtocol {

        final Http2OutputProducer output;
        final BlockingQueue<Boolean> ends;

        Stream(WriterTesting testing) {
            this(testing, new LinkedBlockingQueue<>());
        }

        private Stream(WriterTesting testing, BlockingQueue<Boolean> ends) {
            this(
                    testing,
                    ends,
                    new Http2OutputProducer(testing.writer, testing.services, ends::add));
        }

        private Stream(
                WriterTesting testing, BlockingQueue<Boolean> ends, Http2OutputProducer output) {
            super(testing.connection, testing.services, output);
            this.output = output;
            this.ends = ends;
        }

        Stream begin(int id, int window, boolean inputOpen) {
            beginRequest(id);
            output.begin(id, window, inputOpen);
            return this;
        }

        /** Sends a head alone, as for a body of unknown length. */
        Stream head() throws IOException {
            response().start();
            return this;
        }

        /** Sends so many bytes of a body. */
        Stream body(int count) throws IOException {
            output.writeBody(new byte[count], 0, count);
            output.flush();
            return this;
        }

        @Override
        protected void bodyStarting() {}

        @Override
        protected void responseRateChanged(@Nullable MinDataRate rate) {
            output.rate(rate);
        }

        @Override
        protected boolean supportsTrailers() {
            return true;
        }

        @Override
        protected void abortRequest(ConnectionAbortedException reason) {
            output.reset(Http2ErrorCode.INTERNAL_ERROR.code(), reason);
        }

        @Override
        protected void watchForAbort(Signal signal) {}
    }

    static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static final class Connection extends ConnectionContext {

        Connection(MemoryPool pool, Pipe toClient) {
            transport(DuplexPipe.of(new Pipe(pool).reader(), toClient.writer()));
        }

        @Override
        public String connectionId() {
            return "TEST";
        }

        @Override
        public void abort(ConnectionAbortedException reason) {}

        @Override
        public void close() {}
    }
}
