package dev.kestrel.internal.http2;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Begins the streams of requests, each on a virtual thread of its own, refuses those that must not
 * begin and resets those that went wrong. Frame loop only.
 */
final class Http2Requests implements Http2HeaderBlocks.Requests {

    private static final Logger LOG = System.getLogger(Http2Requests.class.getName());

    private final Http2StreamParts parts;
    private final Http2Streams streams;
    private final Http2Guards guards;
    private final Http2FrameWriter writer;
    private final Http2Settings settings;
    private final Http2PendingPriorities priorities;
    private final HttpCounters counters;
    private final Runnable lastBegun;
    private final long most;
    private HttpHandler application = context -> {};
    private long begun;
    private boolean closed;

    /**
     * Makes the beginning of all streams of a connection.
     *
     * @param lastBegun is called when the connection has brought as many requests as it may
     */
    Http2Requests(
            Http2StreamParts parts,
            Http2Settings settings,
            Http2PendingPriorities priorities,
            Runnable lastBegun) {
        this.parts = parts;
        this.settings = settings;
        this.priorities = priorities;
        this.lastBegun = lastBegun;
        streams = parts.streams();
        guards = parts.guards();
        writer = parts.writer();
        counters = parts.context().services().counters();
        most = parts.context().services().options().limits().maxRequestsPerConnection();
    }

    /** Sets who answers, before the first request. */
    void application(HttpHandler handler) {
        application = handler;
    }

    @Override
    public @Nullable Http2ErrorCode opened(int streamId) {
        return closed ? Http2ErrorCode.REFUSED_STREAM : streams.refusal();
    }

    /** From now on no stream begins. */
    void close() {
        closed = true;
    }

    @Override
    public Http2Stream rent() {
        Http2Stream pooled = streams.poll();
        return pooled != null ? pooled : new Http2Stream(parts, application);
    }

    @Override
    public void giveBack(Http2Stream stream) {
        streams.giveBack(stream);
    }

    @Override
    public void start(Http2Stream stream, Http2RequestHead head, boolean endStream) {
        guards.request();
        streams.add(stream);
        stream.accept(head, endStream, settings.initialWindowSize());
        Priority earlier = priorities.take(stream.streamId());
        if (earlier != null) {
            stream.output().priority(earlier);
        }
        Thread.startVirtualThread(stream);
        if (++begun == most) {
            lastBegun.run();
        }
    }

    @Override
    public void refuse(int streamId, Http2ErrorCode code, String why, boolean endStream)
            throws Http2ConnectionException {
        log(streamId, code, why);
        if (code == Http2ErrorCode.REFUSED_STREAM || code == Http2ErrorCode.ENHANCE_YOUR_CALM) {
            guards.refused(code);
        } else {
            counters.badRequests.increment();
            guards.reset();
        }
        writer.controls().rstStream(streamId, code.code());
        if (!endStream && streams.canDrainMore()) {
            Http2Stream late = rent();
            late.begin(streamId);
            late.refuse();
            streams.addRefused(late);
        }
    }

    /** A stream did something that it must not. */
    void streamFailed(Http2StreamException error) throws Http2ConnectionException {
        String why = String.valueOf(error.getMessage());
        log(error.streamId(), error.code(), why);
        counters.badRequests.increment();
        guards.reset();
        Http2Stream stream = streams.get(error.streamId());
        // Nothing more when we have reset it before; but told also when it has just ended.
        if (stream == null
                || stream.state().isResetReceived()
                || (!stream.fail(error.code().code(), why) && !stream.state().isResetSent())) {
            writer.controls().rstStream(error.streamId(), error.code().code());
        }
    }

    private void log(int streamId, Http2ErrorCode code, String why) {
        LOG.log(
                Level.DEBUG,
                () ->
                        parts.context().connection().connectionId()
                                + ": stream "
                                + streamId
                                + ": "
                                + code
                                + ": "
                                + why);
    }
}
