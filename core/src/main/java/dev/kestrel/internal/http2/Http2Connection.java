package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.Guard;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;

/**
 * HTTP/2 on one connection (RFC 9113): reads frames until one side wants no more, and sees to it
 * that everything that was begun comes to its end. The original's type of the same name.
 *
 * <p>The frame loop runs on the connection's thread and waits for nothing but frames. It holds the
 * {@linkplain #loop loop} while it works on what one read has brought; between reads the heartbeat
 * may hold it, to clear away what has ended.
 */
public final class Http2Connection
        implements RequestProcessor, Http2FrameWriter.Listener, Http2FrameLoop.Events {

    private static final Logger LOG = System.getLogger(Http2Connection.class.getName());

    private final HttpConnectionContext context;
    private final HttpServices services;
    private final KestrelServerLimits limits;
    private final Http2Limits http2;
    private final PipeReader input;
    private final Http2FrameWriter writer;
    private final InputFlowControl connectionInput;
    private final Http2Guards guards;
    private final Http2Streams streams;
    private final Http2StreamParts parts;
    private final Http2Settings settings = new Http2Settings();
    private final Http2Requests requests;
    private final Http2KeepAlive keepAlive;
    private final Http2HeaderBlocks blocks;
    private final Http2Closing closing;
    private final Http2Ending ending;
    private final Http2FrameLoop frames;
    private final Http2Frame frame;

    /** Held by the frame loop while it works, and else by the heartbeat or by nobody. */
    private final ReentrantLock loop = new ReentrantLock();

    private volatile boolean settingsSent;

    /** Takes over a connection. */
    public Http2Connection(HttpConnectionContext context) {
        this.context = context;
        services = context.services();
        limits = services.options().limits();
        http2 = limits.http2();
        input = context.connection().transport().input();
        writer = new Http2FrameWriter(context, this);
        ending = new Http2Ending(context.connection(), input, writer);
        connectionInput = new InputFlowControl(http2.initialConnectionWindowSize());
        guards = new Http2Guards(http2, services.counters().guards);
        streams = new Http2Streams(http2.maxStreamsPerConnection(), this::allServed);
        parts =
                new Http2StreamParts(
                        context,
                        streams,
                        writer,
                        connectionInput,
                        this::sendWindowUpdate,
                        guards,
                        http2.initialStreamWindowSize());
        Http2PendingPriorities priorities =
                new Http2PendingPriorities(http2.maxStreamsPerConnection());
        requests = new Http2Requests(parts, settings, priorities, this::stopProcessingNextRequest);
        keepAlive =
                new Http2KeepAlive(
                        limits.keepAliveTimeout(),
                        http2,
                        services.options().timeProvider().nanoTime());
        blocks =
                new Http2HeaderBlocks(
                        parts,
                        requests,
                        new Http2RequestHead(services.options(), context.scheme()));
        closing = new Http2Closing(writer, requests, blocks);
        frames = new Http2FrameLoop(parts, blocks, keepAlive, settings, priorities, this);
        frame = new Http2Frame(http2.maxFrameSize());
    }

    @Override
    public void processRequests(HttpHandler handler) throws IOException {
        requests.application(handler);
        Thread.ofVirtual().name(id() + "-writer").start(writer);
        Http2End reason;
        try {
            reason = serve();
        } catch (Http2ConnectionException e) {
            LOG.log(Level.DEBUG, () -> id() + ": " + e.code() + ": " + e.getMessage());
            reason = Http2End.error(e);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> id() + ": the connection ended: " + e.getMessage());
            reason = Http2End.lost(e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, () -> id() + ": unexpected exception in the frame loop", e);
            reason = Http2End.failed(e);
        }
        finish(reason);
    }

    private Http2End serve() throws IOException {
        Http2Security.require(context.connection().features().get(TlsConnectionFeature.class));
        boolean clear = context.scheme().equals("http");
        Http2Preface preface = new Http2Preface(input, clear ? limits.maxRequestLineSize() : 0);
        switch (preface.read()) {
            case HTTP_2 -> {
                return readFrames();
            }
            case HTTP_1 -> {
                services.counters().badRequests.increment();
                Http2Preface.refuseHttp1(context.connection().transport().output());
                return Http2End.SILENT;
            }
            case INVALID ->
                    throw new Http2ConnectionException(
                            Http2ErrorCode.PROTOCOL_ERROR, "The connection preface is not valid");
            default -> {
                Http2End asked = ending.requested();
                return asked != null ? asked : Http2End.SILENT;
            }
        }
    }

    private Http2End readFrames() throws IOException {
        sendSettings();
        while (true) {
            Http2End asked = askedToEnd();
            if (asked != null) {
                return asked;
            }
            ReadResult result = input.read();
            loop.lock();
            long at = 0;
            try {
                streams.takeFinished();
                asked = ending.requested();
                if (asked != null) {
                    return asked;
                }
                while (frame.read(result.buffer(), at)) {
                    at = frame.next();
                    frames.process(frame);
                }
                guards.queuedReplies(writer.controls().queuedReplies());
            } finally {
                frame.release();
                input.advanceTo(at, result.buffer().length());
                loop.unlock();
                writer.wakeForWork();
            }
            if (result.isCompleted()) {
                return Http2End.CLIENT_LEFT;
            }
        }
    }

    /** Why to read no further, before a read: what another thread asks for cancels the read. */
    private @Nullable Http2End askedToEnd() {
        Http2End asked = ending.requested();
        return asked == null && closing.hasBegun() && streams.running() == 0
                ? Http2End.GRACEFUL
                : asked;
    }

    private void sendSettings() {
        Http2ControlFrames control = writer.controls();
        control.settings(Http2Settings.initial(limits));
        int more = http2.initialConnectionWindowSize() - Http2Settings.DEFAULT_WINDOW;
        if (more > 0) {
            control.windowUpdate(0, more);
        }
        settingsSent = true;
        writer.wake();
    }

    /** Ends everything, and returns when nothing of the connection runs any more. */
    private void finish(Http2End own) {
        Http2End reason = ending.settle(own);
        context.timeouts().cancelTimeout();
        endStreams(reason);
        if (!reason.isSilent()) {
            writer.finish(closing.lastStream(reason), reason.code());
            writer.awaitFinished();
        }
        context.connection().transport().output().complete();
        streams.awaitServed();
        writer.stop();
        writer.join();
        loop.lock();
        try {
            streams.takeFinished();
        } finally {
            loop.unlock();
        }
    }

    private void endStreams(Http2End reason) {
        loop.lock();
        try {
            streams.forEach(stream -> stream.connectionEnded(reason.exception()));
        } finally {
            loop.unlock();
        }
    }

    // What frames bring about, on the frame loop.

    @Override
    public void streamFailed(Http2StreamException error) throws Http2ConnectionException {
        requests.streamFailed(error);
    }

    @Override
    public void settingsAcknowledged() {
        blocks.settingsAcknowledged(http2.headerTableSize());
    }

    @Override
    public void goAwayReceived() {
        closing.clientGoesAway();
        ConnectionLifetimeNotificationFeature lifetime =
                context.connection().features().get(ConnectionLifetimeNotificationFeature.class);
        if (lifetime != null) {
            lifetime.requestClose();
        }
        stopProcessingNextRequest();
    }

    // Any thread.

    private void sendWindowUpdate(int streamId, int increment) {
        writer.controls().windowUpdate(streamId, increment);
        writer.wake();
    }

    private void allServed() {
        streams.wakeServed();
        if (closing.hasBegun()) {
            endWithoutStreams();
        }
    }

    @Override
    public void stopProcessingNextRequest() {
        if (closing.begin() && !endWithoutStreams()) {
            closing.tell();
        }
    }

    /**
     * Asks for the end in good order, unless there are streams: what the client still has to say to
     * those must be read. The frame loop itself looks before it reads on.
     *
     * @return false when there are streams
     */
    private boolean endWithoutStreams() {
        boolean inTheLoop = loop.isHeldByCurrentThread();
        // No stream begins while this has the loop.
        loop.lock();
        try {
            if (streams.running() > 0) {
                return false;
            }
            if (!inTheLoop) {
                ending.request(Http2End.GRACEFUL);
            }
            return true;
        } finally {
            loop.unlock();
        }
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        ending.request(Http2End.aborted(reason));
    }

    @Override
    public void onTimeout(TimeoutReason reason) {
        Guard guard =
                switch (reason) {
                    case READ_DATA_RATE -> Guard.SLOW_BODIES;
                    case WRITE_DATA_RATE ->
                            writer.isFlushing() ? Guard.SLOW_RESPONSES : Guard.RESPONSE_STALLS;
                    default -> Guard.SLOW_HEADERS;
                };
        services.counters().guards.rejected(guard);
        ConnectionAbortedException why =
                new ConnectionAbortedException("The client is too slow: " + guard.label());
        LOG.log(Level.DEBUG, () -> id() + ": " + why.getMessage());
        if (guard == Guard.SLOW_RESPONSES || ending.isRequested()) {
            // It does not read, or has been told already.
            context.connection().abort(why);
        } else {
            ending.request(Http2End.aborted(why));
        }
    }

    @Override
    public void tick(long nanoTime) {
        guards.tick();
        boolean inputIsLow = connectionInput.isLow();
        context.timeouts().inputBackPressure(inputIsLow);
        if (ending.isRequested()) {
            ending.tick();
            return;
        }
        switch (keepAlive.tick(nanoTime, streams.running() > 0, inputIsLow)) {
            case SEND_PING -> {
                if (settingsSent) {
                    writer.controls().ping(false, 0);
                    writer.wake();
                }
            }
            case PING_TIMED_OUT -> {
                services.counters().guards.rejected(Guard.PING_TIMEOUTS);
                ending.request(Http2End.PING_TIMED_OUT);
            }
            case IDLE_TIMED_OUT -> endIdle();
            case NONE -> {}
        }
        if (loop.tryLock()) {
            try {
                streams.tick();
                closing.tick();
            } finally {
                loop.unlock();
            }
        }
    }

    /** Not when the frame loop is at work, which means that frames have come. */
    private void endIdle() {
        if (loop.tryLock()) {
            try {
                if (streams.running() == 0) {
                    ending.request(Http2End.GRACEFUL);
                }
            } finally {
                loop.unlock();
            }
        }
    }

    @Override
    public void writeFailed(IOException e) {
        ending.request(Http2End.lost(e));
    }

    @Override
    public void headersFailed(IllegalArgumentException e) {
        LOG.log(Level.ERROR, () -> id() + ": a response has a field that can not be sent", e);
        ending.request(Http2End.failed(e));
    }

    @Override
    public int streamsRunning() {
        return streams.running();
    }

    private String id() {
        return context.connection().connectionId();
    }
}
