package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.ConnectionRest;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the first bytes of a connection that may speak either version, takes none of them, and
 * hands everything over to the engine of the version that they are in: HTTP/2 when the client
 * begins with its preface (RFC 9113 section 3.4), HTTP/1.1 otherwise. Runs on the connection's
 * thread; what comes from others before the engine is there is kept for it.
 *
 * <p>When an engine {@linkplain RequestProcessor#isResting() rests}, it is dropped, and what comes
 * next goes to a new one: the bytes that a connection waits with, and all that outlives a request,
 * are kept outside of engines.
 *
 * <p>Nearly every HTTP/1.1 client is known by its first byte: only one that begins with {@code P}
 * is waited for longer.
 */
final class PrefaceProcessor implements RequestProcessor {

    private static final Logger LOG = System.getLogger(PrefaceProcessor.class.getName());

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Whoever says so much means HTTP/2, and is told by its engine what is wrong with the rest. */
    private static final int REQUEST_LINE_LENGTH = "PRI * HTTP/2.0".length();

    private static final VarHandle PHASE;

    static {
        try {
            PHASE =
                    MethodHandles.lookup()
                            .findVarHandle(PrefaceProcessor.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum Phase {
        /** Nobody knows yet. */
        LOOKING,
        /** The version is known; a wait is the engine's. */
        DECIDED,
        /** A head did not come in time: the engine will say so. */
        LATE,
        /** The wait was ended: there will be no engine. */
        STOPPED
    }

    private final HttpConnectionContext context;
    private final ProtocolSelector http1;
    private final ProtocolSelector http2;
    private volatile Phase phase = Phase.LOOKING;

    /**
     * Whoever sets one of the flags looks at the engine after that, and the connection's thread
     * does it the other way round: so nothing falls in between, but the engine may be told twice.
     */
    private volatile @Nullable RequestProcessor engine;

    private volatile boolean stopRequested;

    /** A wait for a request took too long. */
    private volatile boolean expired;

    private int matched;

    /** The only version that is left. */
    private @Nullable ProtocolSelector known;

    private boolean resting;

    /** The connection rests, or has rested, after a request. */
    private boolean betweenRequests;

    /** It was looked at, at least once, whether the client has said something. */
    private boolean begun;

    PrefaceProcessor(
            HttpConnectionContext context, ProtocolSelector http1, ProtocolSelector http2) {
        this.context = context;
        this.http1 = http1;
        this.http2 = http2;
    }

    /** For an endpoint that speaks HTTP/1.1 only: its engines come and go in the same way. */
    static PrefaceProcessor ofHttp1(HttpConnectionContext context, ProtocolSelector http1) {
        PrefaceProcessor processor = new PrefaceProcessor(context, http1, http1);
        processor.known = http1;
        return processor;
    }

    @Override
    public void processRequests(HttpHandler application) throws Exception {
        boolean fresh = !begun;
        if (resting) {
            goOn();
        }
        begun = true;
        ProtocolSelector version;
        try {
            if (fresh && restBeforeFirstByte()) {
                return;
            }
            version = look();
        } catch (ConnectionResetException | ConnectionAbortedException e) {
            LOG.log(
                    Level.DEBUG,
                    () ->
                            context.connection().connectionId()
                                    + ": the connection ended: "
                                    + e.getMessage());
            return;
        }
        if (version != null) {
            RequestProcessor chosen = handOver(version);
            chosen.processRequests(application);
            if (chosen.isResting()) {
                rest(version, chosen);
            }
        }
    }

    @Override
    public boolean isResting() {
        return resting;
    }

    /**
     * What ends a wait reaches the last engine until it leaves. Whoever had it in hand then, and
     * could not end the wait any more, has set a flag before.
     */
    private void rest(ProtocolSelector version, RequestProcessor last) {
        known = version;
        betweenRequests = true;
        phase = Phase.LOOKING;
        engine = null;
        resting = last.leave() && !stopRequested && !expired;
    }

    /**
     * A client that says nothing at first costs no thread either. That is no sign of how often it
     * will ask.
     */
    private boolean restBeforeFirstByte() throws IOException {
        ConnectionRest rest = context.rest();
        if (rest == null || rest.hasInput()) {
            return false;
        }
        setKeepAliveTimeout();
        // What ends the wait after this cancels the reader, which then can not begin to rest.
        resting = phase == Phase.LOOKING && !stopRequested;
        return resting;
    }

    private void setKeepAliveTimeout() {
        KestrelServerLimits limits = context.services().options().limits();
        context.timeouts()
                .setTimeout(
                        TimeoutControl.nanos(limits.keepAliveTimeout()), TimeoutReason.KEEP_ALIVE);
    }

    /** There is input after a rest, or the connection has ended. */
    private void goOn() {
        resting = false;
        ConnectionRest rest = context.rest();
        if (rest != null && betweenRequests) {
            rest.end();
        }
    }

    /** Waits until the version is known; {@code null} when the wait was ended. */
    private @Nullable ProtocolSelector look() throws IOException {
        KestrelServerLimits limits = context.services().options().limits();
        TimeoutControl timeouts = context.timeouts();
        setKeepAliveTimeout();
        boolean headBegun = false;
        PipeReader input = input();
        while (true) {
            ReadResult result = input.read();
            ByteSequence bytes = result.buffer();
            ProtocolSelector version = versionOf(bytes, result.isCompleted());
            if (version != null || phase != Phase.LOOKING) {
                // Not examined: the engine gets the same bytes at once.
                input.advanceTo(0);
                timeouts.cancelTimeout();
                return decide(version);
            }
            input.advanceTo(0, bytes.length());
            if (result.isCompleted()) {
                // Nothing came after a rest.
                timeouts.cancelTimeout();
                return null;
            }
            if (!headBegun && matched > 0) {
                headBegun = true;
                // As long as for any other head, from the first byte on.
                timeouts.setTimeout(
                        TimeoutControl.nanos(limits.requestHeadersTimeout()),
                        TimeoutReason.REQUEST_HEADERS);
            }
        }
    }

    private @Nullable ProtocolSelector decide(@Nullable ProtocolSelector version) {
        if (PHASE.compareAndSet(this, Phase.LOOKING, Phase.DECIDED)) {
            return version;
        }
        // Whoever has not said that it means HTTP/2 is told in HTTP/1.1.
        return phase == Phase.LATE && matched < REQUEST_LINE_LENGTH ? http1 : null;
    }

    private @Nullable ProtocolSelector versionOf(ByteSequence bytes, boolean ended) {
        if (known != null) {
            return bytes.isEmpty() ? null : known;
        }
        int count = (int) Math.min(PREFACE.length, bytes.length());
        while (matched < count && bytes.get(matched) == PREFACE[matched]) {
            matched++;
        }
        if (matched == PREFACE.length) {
            return http2;
        }
        if (matched == count && !ended) {
            return null;
        }
        return matched >= REQUEST_LINE_LENGTH ? http2 : http1;
    }

    private RequestProcessor handOver(ProtocolSelector version) throws IOException {
        RequestProcessor chosen = version.select(context);
        engine = chosen;
        if (stopRequested) {
            chosen.stopProcessingNextRequest();
        }
        if (phase == Phase.LATE) {
            chosen.onTimeout(TimeoutReason.REQUEST_HEADERS);
        }
        return chosen;
    }

    /** Ends the wait. */
    private void stopLooking(Phase next) {
        if (PHASE.compareAndSet(this, Phase.LOOKING, next)) {
            input().cancelPendingRead();
        }
    }

    /** Not kept: in a rest there is none, until somebody asks for it. */
    private PipeReader input() {
        return context.connection().transport().input();
    }

    @Override
    public void stopProcessingNextRequest() {
        stopRequested = true;
        RequestProcessor chosen = engine;
        if (chosen != null) {
            chosen.stopProcessingNextRequest();
        } else {
            stopLooking(Phase.STOPPED);
        }
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        RequestProcessor chosen = engine;
        if (chosen != null) {
            chosen.abort(reason);
        } else {
            // Whoever reads or writes next finds out, an engine that comes after this too.
            context.connection().abort(reason);
        }
    }

    @Override
    public void onTimeout(TimeoutReason reason) {
        if (reason == TimeoutReason.KEEP_ALIVE) {
            expired = true;
        }
        RequestProcessor chosen = engine;
        if (chosen != null) {
            chosen.onTimeout(reason);
        } else {
            boolean begun = reason == TimeoutReason.REQUEST_HEADERS;
            stopLooking(begun ? Phase.LATE : Phase.STOPPED);
        }
    }

    @Override
    public void tick(long nanoTime) {
        RequestProcessor chosen = engine;
        ConnectionRest rest = context.rest();
        if (chosen != null) {
            chosen.tick(nanoTime);
        } else if (rest != null) {
            rest.beat();
        }
    }
}
