package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpResetFeature;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.protocol.HttpProtocol;
import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.internal.protocol.StreamTunnel;
import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * One stream: a request, the thread that serves it, and its response. The object serves one stream
 * after another; {@link Http2StreamState} says when. The original's type of the same name.
 */
final class Http2Stream extends HttpProtocol implements Runnable {

    private static final Logger LOG = System.getLogger(Http2Stream.class.getName());

    /** The next of the streams that have finished. */
    @Nullable Http2Stream nextFinished;

    /** When it came into the pool. */
    long pooledAt;

    private final Http2StreamState state;
    private final Http2OutputProducer output;
    private final Http2RequestBody body;
    private final StreamTunnel tunnel;
    private final HttpHandler application;
    private final Http2StreamParts parts;

    private volatile int id;
    private int drainBeats;
    private long headerBytes;
    private boolean accepted;
    private boolean expectsContinue;
    private @Nullable RequestRejectionReason rejection;
    private volatile @Nullable IOException endReason;
    private volatile @Nullable Signal signal;

    /** Makes a stream of a connection. */
    Http2Stream(Http2StreamParts parts, HttpHandler application) {
        Life life = new Life(parts.streams());
        Http2StreamState streamState = new Http2StreamState(life);
        Http2OutputProducer producer =
                new Http2OutputProducer(parts.writer(), parts.context().services(), streamState);
        super(parts.context().connection(), parts.context().services(), producer);
        life.stream = this;
        this.parts = parts;
        this.application = application;
        state = streamState;
        output = producer;
        body =
                new Http2RequestBody(
                        services().memoryPool(),
                        parts.context().timeouts(),
                        parts.connectionInput(),
                        parts.windowUpdates());
        tunnel =
                new StreamTunnel(
                        this, producer, body, services().memoryPool(), this::takeOverResponse);
        protocolFeatures().set(HttpConnectFeature.class, tunnel);
    }

    /** Passes on what the state tells; made before the stream is there. */
    private static final class Life implements Http2StreamState.Listener {
        private final Http2Streams streams;
        private @Nullable Http2Stream stream;

        Life(Http2Streams streams) {
            this.streams = streams;
        }

        @Override
        public void streamClosed() {
            streams.closed();
        }

        @Override
        public void streamServed() {
            streams.served();
        }

        @Override
        public void streamFinished() {
            Http2Stream mine = stream;
            if (mine != null) {
                streams.finished(mine);
            }
        }
    }

    int streamId() {
        return id;
    }

    Http2StreamState state() {
        return state;
    }

    Http2OutputProducer output() {
        return output;
    }

    // The frame loop's side.

    /** A new stream: its fields can be filled in from now on. */
    void begin(int streamId) {
        id = streamId;
        drainBeats = 0;
        headerBytes = 0;
        rejection = null;
        endReason = null;
        signal = null;
        beginRequest(streamId);
    }

    /** The head is complete: {@link #run} can follow. */
    void accept(Http2RequestHead head, boolean endStream, int outputWindow) {
        accepted = true;
        protocolFeatures().set(HttpResetFeature.class, new Http2StreamReset(this, id));
        headerBytes = head.headerBytes();
        expectsContinue = head.expectsContinue() && !endStream;
        state.open();
        output.begin(id, outputWindow, !endStream);
        String priority = head.priority();
        if (priority != null) {
            output.priority(Priority.parse(priority));
        }
        long length = endStream ? 0 : head.contentLength();
        body.begin(id, parts.initialStreamWindow(), length);
        tunnel.begin(head.isConnect(), head.protocol());
        if (endStream) {
            state.endReceived();
            beginBody(null, length);
        } else {
            beginBody(body, length);
        }
    }

    /** The request will be answered with an error, and the application does not see it. */
    void reject(RequestRejectionReason reason) {
        rejection = reason;
    }

    /** The stream is refused: it is there only so that its late frames find it. */
    void refuse() {
        state.refused();
    }

    /** DATA came, and its bytes were counted for the connection's window. */
    void receive(ByteSequence payload, int flowControlled) throws IOException {
        body.receive(payload, flowControlled);
    }

    /** END_STREAM came. */
    void receiveEnd() throws Http2StreamException {
        output.inputEnded();
        body.end();
        state.endReceived();
    }

    /** END_STREAM came behind what was dropped. */
    void receiveEndOfDropped() {
        state.endReceived();
    }

    /** Whether the client's bytes are those of a tunnel, and not of a request's body. */
    boolean isTunnel() {
        return tunnel.isConnect();
    }

    /**
     * The client did something that it must not.
     *
     * @return false when the stream was reset before or is closed, and so sends nothing itself
     */
    boolean fail(long errorCode, String message) {
        output.inputGoesOn();
        return resetStream(errorCode, message);
    }

    /** RST_STREAM came. Does nothing the second time. */
    void receiveReset(long errorCode) {
        if (state.resetReceived()) {
            end(
                    new StreamResetException(
                            "The client has reset the stream: " + Http2ErrorCode.nameOf(errorCode),
                            errorCode,
                            true));
        }
    }

    /** The connection has ended: nothing comes any more, and nothing can be sent. */
    void connectionEnded(IOException reason) {
        state.resetReceived();
        end(reason);
    }

    private void end(IOException reason) {
        if (!accepted) {
            // It was refused: nobody waits for anything.
            return;
        }
        endReason = reason;
        // Before the application is woken: it may be gone in a moment, and is told all the same.
        Signal watched = signal;
        // An application that hears of it by its body can send nothing more.
        output.drop(reason);
        body.fail(reason);
        fire(watched, reason);
    }

    /** The body is whole: what follows has the time of a header block. */
    void trailersBegin() {
        body.lastByteCame();
    }

    /** The trailers are there, which are kept as long as the fields of the head. */
    void holdTrailers(long bytes) {
        headerBytes += bytes;
    }

    /** A beat: what was on the way when the stream was reset has five of them to come. */
    void drainTick() {
        if (state.isDraining() && ++drainBeats > Http2Streams.DRAIN_BEATS) {
            state.drained();
        }
    }

    /** Nobody needs the object any more. */
    void recycle() {
        if (accepted) {
            accepted = false;
            parts.guards().releaseHeaders(headerBytes);
            body.recycle();
            output.recycle();
            signal = null;
        }
    }

    // The stream's own thread.

    @Override
    public void run() {
        try {
            output.rate(minResponseDataRate());
            runApplication(
                    rejection != null
                            ? this::refuseRequest
                            : isTunnel() ? tunnel.watch(application) : application);
            tunnel.end();
            endRequest();
        } catch (Throwable e) { // The last frame of the thread: nothing may go past it unseen.
            LOG.log(Level.ERROR, () -> traceIdentifier() + ": the stream failed", e);
            resetStream(Http2ErrorCode.INTERNAL_ERROR.code(), "The server failed");
        } finally {
            // What becomes of the stream from here on is not the application's any more.
            signal = null;
            try {
                endInput();
            } finally {
                state.applicationReturned();
            }
        }
    }

    @Override
    protected void bodyEnding() {
        body.discard();
    }

    private void refuseRequest(HttpContext context) throws IOException {
        RequestRejectionReason reason = rejection;
        if (reason != null) {
            throw reason.exception();
        }
    }

    /**
     * RFC 9113 section 8.1: after a complete response a server asks the client, with NO_ERROR, to
     * stop sending what nobody reads.
     */
    private void endInput() {
        body.discard();
        if (!state.isInputEnded()) {
            resetStream(Http2ErrorCode.NO_ERROR.code(), "The response is complete");
        }
    }

    @Override
    protected void bodyStarting() throws IOException {
        long limit = maxRequestBodySize();
        if (limit >= 0 && request().contentLength() > limit) {
            throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
        }
        body.limit(limit);
        body.rate(minRequestBodyDataRate());
        if (expectsContinue && !response().hasStarted() && body.available() == 0) {
            output.writeInformational(100, null);
        }
    }

    @Override
    protected void responseRateChanged(@Nullable MinDataRate rate) {
        output.rate(rate);
    }

    @Override
    protected boolean supportsTrailers() {
        return true;
    }

    // Any thread.

    @Override
    protected void abortRequest(ConnectionAbortedException reason) {
        resetStream(Http2ErrorCode.INTERNAL_ERROR.code(), String.valueOf(reason.getMessage()));
    }

    /** The application wants no more of its stream. From any thread. */
    void resetByApplication(long errorCode) {
        resetStream(errorCode, "The application has reset the stream");
    }

    /**
     * Resets the stream.
     *
     * @return false when it was reset before or is closed
     */
    private boolean resetStream(long errorCode, String message) {
        if (state.isClosed() || !state.resetSent()) {
            return false;
        }
        IOException reason = new StreamResetException(message, errorCode, false);
        if (errorCode == Http2ErrorCode.NO_ERROR.code()) {
            output.reset(errorCode, reason);
            return true;
        }
        endReason = reason;
        Signal watched = signal;
        output.reset(errorCode, reason);
        body.fail(reason);
        fire(watched, reason);
        return true;
    }

    @Override
    protected void watchForAbort(Signal watched) {
        signal = watched;
        IOException reason = endReason;
        if (reason != null) {
            fire(watched, reason);
        }
    }

    /** On a thread of its own: whoever noticed the end does not wait for an application. */
    private static void fire(@Nullable Signal watched, IOException reason) {
        if (watched != null) {
            Thread.ofVirtual().name("kestrel-aborted").start(() -> watched.fire(reason));
        }
    }

    @Override
    public String toString() {
        return "stream " + id + " (" + state + ")";
    }
}
