package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpResetFeature;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.Guard;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.protocol.HttpProtocol;
import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.internal.protocol.StreamTunnel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * One stream of a request, and its thread, which reads the head, runs the application and ends what
 * that has left. The object serves one stream after another. The original's type of the same name.
 */
final class Http3Stream extends HttpProtocol implements Runnable {

    private static final Logger LOG = System.getLogger(Http3Stream.class.getName());

    // The table's, or the pool's.
    @Nullable Http3Stream next;
    @Nullable Http3Stream previous;

    private final Http3StreamParts parts;
    private final Http3StreamLife life;
    private final HttpHandler application;
    private final Http3RequestHead head;
    private final Http3RequestBody body;
    private final Http3FrameReader frames;
    private final Http3FieldSections sections;
    private final Http3OutputProducer output;
    private final StreamTunnel tunnel;
    private final Http3Deadline headDeadline;
    private final Http3AbortWatch abortWatch = new Http3AbortWatch();

    // The stream's thread's.
    private long headerBytes;
    private boolean expectsContinue;
    private boolean inputEnded;
    private @Nullable RequestRejectionReason rejection;

    /** Makes a stream of a connection. On the connection's thread. */
    Http3Stream(Http3StreamParts parts, HttpHandler application) {
        Http3StreamLife streamLife = new Http3StreamLife();
        Http3OutputProducer producer = new Http3OutputProducer(streamLife, parts);
        super(parts.context().connection(), parts.context().services(), producer);
        this.parts = parts;
        this.application = application;
        life = streamLife;
        output = producer;
        head = new Http3RequestHead(services().options(), parts.context().scheme());
        body = new Http3RequestBody(this, parts.guards(), parts.context().timeouts());
        frames = body.frames();
        sections = new Http3FieldSections(parts, frames, life);
        tunnel =
                new StreamTunnel(
                        this, producer, body, services().memoryPool(), this::takeOverResponse);
        headDeadline = new Http3Deadline(parts.clock());
        protocolFeatures().set(HttpConnectFeature.class, tunnel);
    }

    // The connection's thread.

    /** A new stream: its thread can start once it is in the table. */
    void begin(StreamContext stream) {
        life.begin(stream);
        headerBytes = 0;
        inputEnded = false;
        rejection = null;
        frames.begin(stream.transport().input());
        body.beginHead();
        output.begin(stream.transport().output(), minResponseDataRate());
        beginRequest(stream.streamId());
        headDeadline.set(parts.bounds().headersTimeout());
    }

    /** The stream does not begin, and the client may try again elsewhere. */
    void refuse() {
        headDeadline.clear();
        life.reset(Http3ErrorCode.REQUEST_REJECTED, "No further requests are served");
        release();
    }

    // Its own thread.

    @Override
    public void run() {
        try {
            if (readHead()) {
                serve();
            }
        } catch (IOException e) {
            failed(e);
        } catch (Throwable e) { // The last frame of the thread: nothing may go past it unseen.
            LOG.log(Level.ERROR, () -> traceIdentifier() + ": the stream failed", e);
            life.reset(Http3ErrorCode.INTERNAL_ERROR, "The server failed");
        } finally {
            try {
                finish();
            } finally {
                release();
                parts.streams().remove(this);
                parts.events().streamServed();
            }
        }
    }

    /** Reads frames up to the head; false when the stream has ended without. */
    private boolean readHead() throws IOException {
        while (frames.next()) {
            if (frames.type() == Http3FrameType.HEADERS) {
                head.beginRequest(request().mutableHeaders());
                HPackResult result = sections.read(head);
                headDeadline.clear();
                accept(result);
                return true;
            }
            Http3FrameType.requireUnknown(frames.type());
            parts.guards().idleFrame();
            frames.skip();
        }
        inputEnded = true;
        throw new Http3StreamException(
                Http3ErrorCode.REQUEST_INCOMPLETE, "The stream has ended without a request");
    }

    private void accept(HPackResult result) throws IOException {
        inputEnded = frames.looksEnded();
        if (result != HPackResult.WITHIN_LIMITS) {
            parts.guards().headerListTooLarge();
            head.applyPartly(request());
            rejection =
                    result == HPackResult.TOO_MANY_FIELDS
                            ? RequestRejectionReason.TOO_MANY_HEADERS
                            : RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE;
        } else {
            try {
                head.makeRequest(request(), inputEnded);
            } catch (RejectedRequestException e) {
                rejection = e.reason();
            }
        }
        hold(Http3ErrorCode.REQUEST_REJECTED);
        life.accepted();
        parts.guards().request();
        protocolFeatures().set(HttpResetFeature.class, new Http3StreamReset(this, streamId()));
        expectsContinue = head.expectsContinue() && !inputEnded;
        prioritize();
        long length = inputEnded ? 0 : head.contentLength();
        body.begin(length, head.isConnect());
        tunnel.begin(head.isConnect(), head.protocol());
        beginBody(inputEnded ? null : body, length);
    }

    /** Counts the fields that were read, for as long as the request runs. */
    private void hold(long code) throws Http3StreamException {
        long bytes = head.headerBytes();
        if (!parts.guards().tryHoldHeaders(bytes)) {
            throw new Http3StreamException(code, "Too many header bytes");
        }
        headerBytes += bytes;
    }

    private void prioritize() {
        Priority earlier = parts.streams().takePriority(streamId());
        String said = head.priority();
        if (earlier != null) {
            priority(earlier);
        } else if (said != null) {
            priority(Priority.parse(said));
        }
    }

    private void serve() {
        output.rate(minResponseDataRate());
        runApplication(
                rejection != null
                        ? this::refuseRequest
                        : head.isConnect() ? tunnel.watch(application) : application);
        tunnel.end();
        endRequest();
    }

    private void refuseRequest(HttpContext context) throws IOException {
        RequestRejectionReason reason = rejection;
        if (reason != null) {
            throw reason.exception();
        }
    }

    @Override
    protected void bodyStarting() throws IOException {
        long most = maxRequestBodySize();
        if (most >= 0 && request().contentLength() > most) {
            throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
        }
        body.limit(most);
        body.rate(minRequestBodyDataRate());
        if (expectsContinue && !response().hasStarted() && body.available() == 0) {
            output.writeInformational(100, null);
        }
    }

    @Override
    protected void bodyEnding() {
        body.discard();
    }

    @Override
    protected void responseRateChanged(@Nullable MinDataRate rate) {
        output.rate(rate);
    }

    @Override
    protected boolean supportsTrailers() {
        return true;
    }

    /**
     * What the application has left: RFC 9114 section 4.1 has a server that needs no more of a
     * request stop it with H3_NO_ERROR, once the response is complete.
     */
    private void finish() {
        headDeadline.clear();
        body.discard();
        boolean all = inputEnded || body.looksEnded();
        if (!life.isReset() && !life.isResponseSent()) {
            life.reset(Http3ErrorCode.INTERNAL_ERROR, "There is no response");
        } else if (!life.isReset() && !all) {
            life.stopReading();
        }
        try {
            if (!all) {
                parts.qpack().cancelStream(streamId());
            }
            if (life.isResetByClient() && !life.isResponseSent()) {
                parts.guards().reset();
            }
        } catch (Http3ConnectionException e) {
            parts.events().connectionFailed(e);
        }
    }

    /** Gives back what the stream holds. */
    private void release() {
        abortWatch.end();
        frames.end();
        output.end(
                life.isResponseSent()
                        ? null
                        : new ConnectionAbortedException("The stream has ended"));
        life.end();
        parts.guards().releaseHeaders(headerBytes);
        headerBytes = 0;
    }

    // Whoever reads the body.

    /** A HEADERS frame came behind the body. */
    void readTrailers() throws IOException {
        headDeadline.set(parts.bounds().headersTimeout());
        head.beginTrailers(request().mutableTrailers());
        HPackResult result = sections.read(head);
        head.checkTrailers();
        if (result != HPackResult.WITHIN_LIMITS) {
            parts.guards().headerListTooLarge();
            throw new Http3StreamException(life.refusal(), "The trailers are beyond their limits");
        }
        hold(Http3ErrorCode.EXCESSIVE_LOAD);
    }

    /** The end of the stream came. */
    void bodyRead() {
        headDeadline.clear();
    }

    /**
     * The body could not be read: deals with what the client has done wrong.
     *
     * @return what the application is told
     */
    IOException readFailed(IOException error) {
        if (error instanceof BadHttpRequestException) {
            return error;
        }
        failed(error);
        if (error instanceof Http3ConnectionException) {
            return new ConnectionAbortedException(String.valueOf(error.getMessage()), error);
        }
        return life.failed(error);
    }

    /** Ends the stream, or the connection, for what the client has done. */
    private void failed(IOException error) {
        LOG.log(Level.DEBUG, () -> traceIdentifier() + ": the request failed: " + error);
        switch (error) {
            case Http3ConnectionException e -> parts.events().connectionFailed(e);
            case Http3StreamException e -> {
                services().counters().badRequests.increment();
                if (life.reset(e.code(), String.valueOf(e.getMessage()))) {
                    countReset();
                }
            }
            // Either side has ended it.
            default -> {
                life.notice(error);
                if (life.isResetByClient()) {
                    abortWatch.resetByClient(error);
                }
            }
        }
    }

    private void countReset() {
        try {
            parts.guards().reset();
        } catch (Http3ConnectionException e) {
            parts.events().connectionFailed(e);
        }
    }

    /** Wakes whoever reads the body and has not left with its request. */
    void stopReading() {
        life.stopReading();
    }

    /** Why the stream has ended, when this side has ended it before its time. */
    @Nullable IOException endReason() {
        return life.endReason();
    }

    // Any thread.

    long streamId() {
        return life.streamId();
    }

    /** Sets how the client wants it served beside the others. */
    void priority(Priority priority) {
        life.prioritize(priority);
    }

    /** A beat of the heart. */
    void tick() {
        if (headDeadline.expired()) {
            parts.guards().tooSlow(Guard.SLOW_HEADERS);
            life.reset(life.refusal(), "The header fields did not come in time");
            parts.qpack().wakeBlocked();
        }
        if (output.isTooSlow()) {
            parts.events().responseTooSlow();
        }
        // Most streams end before they see a beat.
        life.watchForStop();
    }

    @Override
    protected void abortRequest(ConnectionAbortedException reason) {
        life.reset(
                life.isResetByClient()
                        ? Http3ErrorCode.REQUEST_CANCELLED
                        : Http3ErrorCode.INTERNAL_ERROR,
                String.valueOf(reason.getMessage()));
    }

    /** The application wants no more of its stream. From any thread. */
    void resetByApplication(long errorCode) {
        life.reset(errorCode, "The application has reset the stream");
    }

    @Override
    protected void watchForAbort(Signal watched) {
        Signal closed = life.closed();
        if (closed != null) {
            life.watchForStop();
            abortWatch.begin(watched, closed);
        }
    }

    @Override
    public String toString() {
        return "stream " + streamId();
    }
}
