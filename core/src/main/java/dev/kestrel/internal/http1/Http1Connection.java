package dev.kestrel.internal.http1;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpUpgradeFeature;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.BodySource;
import dev.kestrel.internal.protocol.ConnectionRest;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpProtocol;
import dev.kestrel.internal.protocol.MessageBody;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * HTTP/1.1 on one connection: reads a head, runs the application on the connection's own thread,
 * deals with what is left of the body, and goes on with the next request until one side wants no
 * more. The original's type of the same name.
 */
public final class Http1Connection extends HttpProtocol implements RequestProcessor {

    private static final Logger LOG = System.getLogger(Http1Connection.class.getName());
    private static final byte[] DISCARD = new byte[16 * 1024];

    private final DuplexPipe transport;
    private final TimeoutControl timeouts;
    private final String scheme;
    private final KestrelServerLimits limits;
    private final Http1ResponseRules rules;
    private final Http1OutputProducer output;
    private final Http1Input input;
    private final Http1HeadReader headReader;
    private final Http1HeadRules headRules;
    private final Http1RequestHead head = new Http1RequestHead();
    private final Http1ContentLengthBody lengthBody;
    private final Http1ChunkedBody chunkedBody;
    private final Http1Takeover takeover;
    private final Http1AbortWatch abortWatch;

    private final @Nullable ConnectionRest rest;

    private @Nullable BodySource source;

    /** Only the heartbeat: the request after which the connection was idle at the last beat. */
    private long idleAtLastBeat = -1;

    /** Only the heartbeat: the request after which a rest was asked for. */
    private long restRequested = -1;

    /** Only the heartbeat: the request whose output was shared at the last beat. */
    private long sharedAtLastBeat;

    /** The number of the request that runs, for the heartbeat. */
    private volatile long running;

    /** Takes over a connection. */
    public Http1Connection(HttpConnectionContext context) {
        Http1ResponseRules responseRules = new Http1ResponseRules();
        DuplexPipe pipes = context.connection().transport();
        Http1OutputProducer producer =
                new Http1OutputProducer(
                        pipes.output(),
                        context.timeouts(),
                        context.services(),
                        responseRules,
                        context.connection().features().get(AlternativeServiceFeature.class));
        super(context.connection(), context.services(), producer);
        transport = pipes;
        rules = responseRules;
        output = producer;
        timeouts = context.timeouts();
        scheme = context.scheme();
        limits = services().options().limits();
        rest = context.rest();
        input = new Http1Input(pipes.input(), producer, timeouts, limits, rest);
        headReader =
                new Http1HeadReader(
                        request().mutableHeaders(),
                        request().mutableTrailers(),
                        services().options(),
                        remembersLines());
        headRules = new Http1HeadRules(services().options());
        lengthBody = new Http1ContentLengthBody(input);
        chunkedBody = new Http1ChunkedBody(input, headReader, this, limits.maxChunkExtensionSize());
        takeover = new Http1Takeover(this, head, producer, rules, transport);
        abortWatch = new Http1AbortWatch(connectionContext());
        protocolFeatures().set(HttpUpgradeFeature.class, takeover);
        protocolFeatures().set(HttpConnectFeature.class, takeover);
        if (rest != null) {
            beginRequest(rest.requests());
        }
    }

    @Override
    public void processRequests(HttpHandler application) throws IOException {
        try {
            while (readHead() && serve(application)) {
                // One after another.
            }
            output.flush();
        } catch (RejectedRequestException e) {
            refuse(e.reason());
        } catch (ConnectionResetException | ConnectionAbortedException e) {
            LOG.log(Level.DEBUG, () -> id() + ": the connection ended: " + e.getMessage());
        } finally {
            if (rest != null && input.isResting()) {
                rest.begin(requestNumber() - 1);
            } else {
                timeouts.cancelTimeout();
            }
        }
    }

    @Override
    public boolean isResting() {
        return input.isResting();
    }

    @Override
    public boolean leave() {
        return input.leave();
    }

    /** An engine that is dropped before a second head comes need not remember the first. */
    private boolean remembersLines() {
        return !services().options().disableStringReuse() && (rest == null || !rest.isAtOnce());
    }

    /** Reads a head; false when there will be no further request. */
    private boolean readHead() throws IOException {
        beginRequest(requestNumber() + 1);
        headReader.begin();
        while (true) {
            ReadResult result = input.readHead(headReader.hasBegun());
            if (result == null) {
                return false;
            }
            boolean ended = result.isCompleted();
            boolean done;
            try {
                done = headReader.parse(result.buffer());
            } catch (Http2PrefaceException e) {
                input.advanceTo(0);
                answerHttp2Preface();
                return false;
            } catch (RejectedRequestException e) {
                input.advanceTo(0);
                throw e;
            }
            int consumed = headReader.consumed();
            input.advanceTo(consumed, done ? consumed : result.buffer().length());
            if (done) {
                input.headDone();
                headRules.apply(headReader.requestLine(), request(), head);
                return true;
            }
            if (ended) {
                RequestRejectionReason reason = headReader.incompleteReason();
                if (reason != null) {
                    throw reason.exception();
                }
                return false;
            }
        }
    }

    /**
     * Runs the application on a request whose head is complete; false when the connection ends
     * after it.
     */
    private boolean serve(HttpHandler application) throws IOException {
        Http1LineParser line = headReader.requestLine();
        request().setLine(line.method(), head.http10 ? "HTTP/1.0" : "HTTP/1.1", scheme);
        line.target().applyTo(request());
        source =
                head.chunked
                        ? chunkedBody.begin()
                        : head.contentLength > 0 ? lengthBody.begin(head.contentLength) : null;
        beginBody(source, head.contentLength);
        long most = limits.maxRequestsPerConnection();
        rules.begin(head, most == KestrelServerLimits.UNLIMITED || requestNumber() < most);
        output.rate(minResponseDataRate());
        output.share();
        running = requestNumber();
        try {
            boolean whole = runApplication(application);
            return whole && !takeover.isTaken() && finishBody();
        } finally {
            takeover.end();
            output.unshare();
            input.endBody();
            abortWatch.stop();
            endRequest();
        }
    }

    /**
     * Reads what the application left of the body, so that the next request is found; false when it
     * was not found.
     */
    private boolean finishBody() throws IOException {
        MessageBody body = request().body();
        if (!rules.keepAlive()) {
            return false;
        }
        if (body.hasEnded()) {
            return true;
        }
        BodySource rest = source;
        if (rest == null || body.failure() != null || tooLargeToDrain()) {
            return false;
        }
        output.flush();
        input.beginDrain();
        try {
            int n;
            do {
                n = rest.read(DISCARD, 0, DISCARD.length);
            } while (n >= 0);
            return true;
        } catch (RejectedRequestException e) {
            LOG.log(
                    Level.DEBUG,
                    () ->
                            traceIdentifier()
                                    + ": the rest of the body was not read: "
                                    + e.getMessage());
            return false;
        } finally {
            input.endDrain();
        }
    }

    private boolean tooLargeToDrain() {
        return maxRequestBodySize() >= 0 && head.contentLength > maxRequestBodySize();
    }

    private void refuse(RequestRejectionReason reason) {
        services().counters().badRequests.increment();
        LOG.log(
                Level.DEBUG,
                () -> id() + ": bad request (" + reason.status() + "): " + reason.message());
        try {
            output.refuse(reason.status(), reason.allow());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> id() + ": the refusal could not be sent: " + e.getMessage());
        }
    }

    /** The client speaks HTTP/2 to an endpoint that does not: it is told so in its own language. */
    private void answerHttp2Preface() throws IOException {
        output.writeRaw(Http2PrefaceException.GOAWAY_HTTP_1_1_REQUIRED);
        output.flush();
    }

    /** The connection leaves HTTP: no limit and no clock of HTTP holds any more. */
    void endOfHttp() {
        input.endBody();
        timeouts.cancelTimeout();
        takeOverResponse();
    }

    /** Counts the connections that have left HTTP by an upgrade. */
    ResourceCounter upgradeSlots() {
        return services().upgradedConnections();
    }

    @Override
    protected void bodyStarting() throws IOException {
        long limit = maxRequestBodySize();
        if (limit >= 0 && head.contentLength > limit) {
            throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
        }
        input.beginBody(minRequestBodyDataRate());
        if (head.expectsContinue && !response().hasStarted() && input.buffered() == 0) {
            output.writeInformational(100, null);
        }
    }

    @Override
    protected void responseRateChanged(@Nullable MinDataRate rate) {
        output.rate(rate);
    }

    @Override
    protected boolean supportsTrailers() {
        return rules.acceptsTrailers();
    }

    @Override
    protected void abortRequest(ConnectionAbortedException reason) {
        rules.close();
        connectionContext().abort(reason);
    }

    @Override
    protected void watchForAbort(Signal signal) {
        abortWatch.start(signal);
    }

    @Override
    public void stopProcessingNextRequest() {
        rules.stop();
        input.stop();
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        connectionContext().abort(reason);
    }

    @Override
    public void onTimeout(TimeoutReason reason) {
        if (reason == TimeoutReason.WRITE_DATA_RATE) {
            connectionContext()
                    .abort(
                            new ConnectionAbortedException(
                                    "The client takes the response too slowly"));
        } else {
            input.onTimeout(reason);
        }
    }

    @Override
    public void tick(long nanoTime) {
        long idle = input.isIdle() ? running : -1;
        if (idle >= 0 && idle == idleAtLastBeat && idle != restRequested) {
            restRequested = idle;
            input.requestRest();
        }
        idleAtLastBeat = idle;
        if (!output.isShared()) {
            sharedAtLastBeat = 0;
        } else if (sharedAtLastBeat == running) {
            Thread.ofVirtual().name(id() + "-late-flush").start(this::flushLate);
        } else {
            sharedAtLastBeat = running;
        }
    }

    private void flushLate() {
        try {
            output.flushLate();
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    () -> id() + ": earlier answers could not be sent: " + e.getMessage());
        }
    }
}
