package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.Guard;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.HttpMultiplexedConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.internal.protocol.ResponseFieldRules;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * HTTP/3 on one connection (RFC 9114): accepts its streams, gives each a thread, and sees to it
 * that everything that was begun comes to its end. The original's type of the same name.
 *
 * <p>The connection's thread waits for streams and for nothing else. How the connection ends is
 * decided once, by whoever comes first.
 */
public final class Http3Connection
        implements RequestProcessor,
                Http3StreamParts.Events,
                Http3ControlFrames.Listener,
                Http3Outbound.Listener {

    private static final Logger LOG = System.getLogger(Http3Connection.class.getName());

    /** How many beats streams may come that were on their way when the client was told. */
    private static final int BEATS_TO_TAKE = 5;

    /** How many beats a connection that ends has to tell its client why. */
    private static final int BEATS_TO_END = 5;

    /** RFC 9114 section 5.2: the greatest identifier of a request. */
    private static final long ANY_STREAM = (1L << 62) - 4;

    private static final ConnectionAbortedException NOT_READ =
            new ConnectionAbortedException("The client does not read why the connection ends");

    private final MultiplexedConnectionContext connection;
    private final TimeoutControl timeouts;
    private final HttpServices services;
    private final Http3Guards guards;
    private final Http3Streams streams;
    private final Http3InboundStreams inbound = new Http3InboundStreams();
    private final Http3Outbound outbound;
    private final Http3QPack qpack;
    private final ResponseFieldRules rules;
    private final Http3Deadline.Clock clock;
    private final Http3StreamParts parts;
    private final long keepAliveTimeout;
    private final long mostRequests;

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<@Nullable Http3End> end = new AtomicReference<>();

    /** A request came. Written by the connection's thread, cleared by the heartbeat. */
    private volatile boolean used;

    // The connection's thread's.
    private HttpHandler application = context -> {};
    private long begun;

    // The heartbeat's.
    private long idle;
    private boolean wasActive;
    private int beatsSinceClosing;
    private int beatsSinceEnd;

    /** Takes over a connection. */
    public Http3Connection(HttpMultiplexedConnectionContext context) {
        connection = context.connection();
        timeouts = context.timeouts();
        services = context.services();
        KestrelServerLimits limits = services.options().limits();
        keepAliveTimeout = TimeoutControl.nanos(limits.keepAliveTimeout());
        mostRequests = limits.maxRequestsPerConnection();
        Http3Bounds bounds = Http3Bounds.of(limits);
        guards = new Http3Guards(bounds, services.counters().guards);
        streams = new Http3Streams(new Http3Priorities(bounds.maxPendingPriorities()));
        outbound =
                new Http3Outbound(
                        connection, Http3Settings.ours(bounds), bounds.headerTableSize() > 0, this);
        qpack = new Http3QPack(bounds, services.options(), outbound);
        rules = new ResponseFieldRules(connection.connectionId(), "HTTP/3", services);
        clock = new Http3Deadline.Clock(services.options().timeProvider().nanoTime());
        parts = new Http3StreamParts(context, bounds, streams, qpack, rules, guards, clock, this);
    }

    @Override
    public void processRequests(HttpHandler handler) {
        application = handler;
        connection.errorCode(Http3ErrorCode.NO_ERROR);
        outbound.qpack(qpack);
        Thread writer = Thread.ofVirtual().name(id() + "-outbound").start(outbound);
        try {
            for (StreamContext stream = connection.acceptStream();
                    stream != null;
                    stream = connection.acceptStream()) {
                accept(stream);
            }
            LOG.log(Level.DEBUG, () -> id() + ": the connection has ended");
            finish(Http3End.lost(new ConnectionAbortedException("The client has left")), writer);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> id() + ": the connection ended: " + e.getMessage());
            finish(Http3End.lost(e), writer);
        } catch (RuntimeException | Error e) {
            failed(e);
            finish(Http3End.lost(e), writer);
        }
    }

    private void accept(StreamContext stream) {
        if (!stream.canWrite()) {
            inbound.start(stream, id() + "-" + stream.streamId(), parts, this);
            return;
        }
        if (!used) {
            used = true;
        }
        Http3Stream pooled = streams.rent();
        Http3Stream request = pooled != null ? pooled : new Http3Stream(parts, application);
        request.begin(stream);
        if (!streams.tryAdd(request)) {
            guards.refused();
            request.refuse();
            streams.giveBack(request);
            return;
        }
        Thread.startVirtualThread(request);
        if (++begun == mostRequests) {
            stopProcessingNextRequest();
        }
    }

    /** The transport has ended: returns when nothing of the connection runs any more. */
    private void finish(Http3End lost, Thread writer) {
        end.compareAndSet(null, lost);
        timeouts.cancelTimeout();
        Http3End why = end.get();
        if (why != null && !why.graceful()) {
            connection.abort(why.reason(), why.code());
        }
        outbound.stop();
        streams.awaitNone();
        inbound.awaitNone();
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the connection now, unless something else has ended it. From any thread. */
    private void requestEnd(Http3End why) {
        if (end.compareAndSet(null, why)) {
            connection.abort(why.reason(), why.code());
        }
    }

    // In good order.

    @Override
    public void stopProcessingNextRequest() {
        if (closing.compareAndSet(false, true) && !endWhenIdle()) {
            // Streams that are on their way are still served.
            outbound.goAway(ANY_STREAM);
        }
    }

    /** Ends in good order, unless there are streams; false when there are. */
    private boolean endWhenIdle() {
        long next = streams.closeWhenIdle();
        if (next < 0) {
            return false;
        }
        if (end.compareAndSet(null, Http3End.GRACEFUL)) {
            outbound.finish(next);
        }
        return true;
    }

    @Override
    public void streamServed() {
        if (closing.get()) {
            endWhenIdle();
        }
    }

    // What clients bring about. From any thread.

    @Override
    public void settings(Http3Settings settings) {
        rules.maxListSize(settings.maxFieldSectionSize());
        qpack.peerSettings(settings.tableCapacity(), settings.blockedStreams());
    }

    @Override
    public void goAway() {
        ConnectionLifetimeNotificationFeature lifetime =
                connection.features().get(ConnectionLifetimeNotificationFeature.class);
        if (lifetime != null) {
            lifetime.requestClose();
        }
        stopProcessingNextRequest();
    }

    @Override
    public void priority(long streamId, Priority priority) {
        streams.priority(streamId, priority);
    }

    @Override
    public void connectionFailed(Http3ConnectionException error) {
        LOG.log(
                Level.DEBUG,
                () ->
                        id()
                                + ": "
                                + Http3ErrorCode.nameOf(error.code())
                                + ": "
                                + error.getMessage());
        requestEnd(Http3End.error(error));
    }

    @Override
    public void criticalStreamClosed(String which, IOException reason) {
        connectionFailed(
                new Http3ConnectionException(
                        Http3ErrorCode.CLOSED_CRITICAL_STREAM,
                        "The " + which + " stream has ended: " + reason.getMessage()));
    }

    @Override
    public void outboundFailed(IOException error) {
        if (end.get() == null && !connection.closed().isFired()) {
            criticalStreamClosed("server's control or QPACK", error);
        } else {
            // Whatever it is that the client could not be told.
            connection.abort(NOT_READ);
        }
    }

    @Override
    public void failed(Throwable error) {
        LOG.log(Level.ERROR, () -> id() + ": the connection failed", error);
        requestEnd(
                Http3End.aborted(new ConnectionAbortedException("The connection failed", error)));
    }

    @Override
    public void responseTooSlow() {
        tooSlow(Guard.SLOW_RESPONSES);
    }

    // From outside.

    @Override
    public void abort(ConnectionAbortedException reason) {
        requestEnd(Http3End.aborted(reason));
    }

    @Override
    public void onTimeout(TimeoutReason reason) {
        tooSlow(
                switch (reason) {
                    case READ_DATA_RATE -> Guard.SLOW_BODIES;
                    case WRITE_DATA_RATE -> Guard.SLOW_RESPONSES;
                    default -> Guard.SLOW_HEADERS;
                });
    }

    private void tooSlow(Guard guard) {
        guards.tooSlow(guard);
        ConnectionAbortedException why =
                new ConnectionAbortedException("The client is too slow: " + guard.label());
        LOG.log(Level.DEBUG, () -> id() + ": " + why.getMessage());
        requestEnd(Http3End.aborted(why));
    }

    @Override
    public void tick(long nanoTime) {
        long beat = clock.tick(nanoTime);
        guards.tick();
        if (end.get() != null) {
            if (++beatsSinceEnd == BEATS_TO_END) {
                connection.abort(NOT_READ);
            }
            return;
        }
        streams.tick();
        inbound.tick();
        if (closing.get()) {
            // Else a client whose streams overlap could keep it for ever.
            if (++beatsSinceClosing == BEATS_TO_TAKE && !endWhenIdle()) {
                outbound.goAway(streams.close());
            }
            return;
        }
        boolean active = used || streams.running() > 0;
        used = false;
        // What ended during this beat may have ended right before it did.
        idle = active || wasActive ? 0 : idle + beat;
        wasActive = active;
        if (idle >= keepAliveTimeout) {
            idle = 0;
            endWhenIdle();
        }
    }

    private String id() {
        return connection.connectionId();
    }
}
