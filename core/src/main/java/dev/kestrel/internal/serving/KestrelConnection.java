package dev.kestrel.internal.serving;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionCompleteFeature;
import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.connections.DecrementConcurrentConnectionCountFeature;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.internal.protocol.Disconnect;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One connection at work, of one stream or of many: runs the pipeline on the connection's own
 * thread, gives the connection its lifetime features and closes it in the end, whatever happens.
 * Where nothing but HTTP is on its stack, that thread may end while the connection waits for a
 * request.
 */
final class KestrelConnection
        implements Runnable,
                ConnectionLifetimeNotificationFeature,
                ConnectionHeartbeatFeature,
                ConnectionCompleteFeature {

    private static final System.Logger LOG = System.getLogger(KestrelConnection.class.getName());
    private static final HeartbeatCallback[] NONE = {};

    private final BaseConnectionContext context;
    private final ConnectionSource.Pipeline pipeline;
    private final ConnectionManager manager;
    private final Signal closeRequested = new Signal();
    private volatile HeartbeatCallback[] heartbeats = NONE;
    private boolean started;
    private @Nullable Deque<Runnable> completions;

    KestrelConnection(
            BaseConnectionContext context,
            ConnectionSource.Pipeline pipeline,
            ConnectionManager manager,
            MemoryPoolFeature pool) {
        this.context = context;
        this.pipeline = pipeline;
        this.manager = manager;
        context.features().set(ConnectionLifetimeNotificationFeature.class, this);
        context.features().set(ConnectionHeartbeatFeature.class, this);
        context.features().set(ConnectionCompleteFeature.class, this);
        if (context.features().get(MemoryPoolFeature.class) == null) {
            context.features().set(MemoryPoolFeature.class, pool);
        }
    }

    /** Runs the pipeline; once more on another thread each time that the connection has rested. */
    @Override
    public void run() {
        boolean resting = false;
        try {
            if (!started) {
                started = true;
                LOG.log(Level.DEBUG, () -> this + " started, from " + context.remoteAddress());
            } else {
                Thread.currentThread().setName(context.connectionId());
            }
            while (!resting && !pipeline.run()) {
                resting = rest();
            }
        } catch (Throwable e) { // The last frame of the connection's thread: nothing may go past it
            // unseen.
            failed(e);
        } finally {
            if (!resting) {
                end();
            }
        }
    }

    /**
     * Leaves the connection to its transport until there is input; false when there is already.
     * When this returns true another thread may have the connection.
     */
    private boolean rest() {
        ConnectionRestFeature transport = context.features().get(ConnectionRestFeature.class);
        return transport != null && transport.rest(this);
    }

    private void failed(Throwable error) {
        if (Disconnect.isCauseOf(error)) {
            LOG.log(Level.DEBUG, () -> this + " ended before its time: " + error.getMessage());
        } else {
            LOG.log(
                    Level.ERROR,
                    () -> this + " failed: unexpected exception out of the connection pipeline",
                    error);
        }
        // A reset, so that the peer can not take what it has for all there was.
        abort(new ConnectionAbortedException("The connection's pipeline failed", error));
    }

    private void end() {
        try {
            complete();
            releasePlace();
            heartbeats = NONE;
            context.close();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, () -> this + " could not be closed", e);
        } finally {
            manager.remove(this);
            LOG.log(Level.DEBUG, () -> this + " stopped");
        }
    }

    /** As the pipeline does, but for one that was to rest and could not. */
    private void releasePlace() {
        DecrementConcurrentConnectionCountFeature place =
                context.features().get(DecrementConcurrentConnectionCountFeature.class);
        if (place != null) {
            place.releaseConnection();
        }
    }

    private void complete() {
        while (completions != null && !completions.isEmpty()) {
            try {
                completions.pop().run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, () -> this + ": a completion callback failed", e);
            }
        }
    }

    /** Ends the connection at once. From any thread. */
    void abort(ConnectionAbortedException reason) {
        try {
            context.abort(reason);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> this + " could not be aborted", e);
        }
    }

    /** A beat. On the heartbeat's thread. */
    void tick(long nanoTime) {
        for (HeartbeatCallback callback : heartbeats) {
            try {
                callback.tick(nanoTime);
            } catch (RuntimeException | Error e) {
                // The other connections must have their beat.
                LOG.log(Level.ERROR, () -> this + ": a heartbeat callback failed", e);
            }
        }
    }

    @Override
    public Signal closeRequested() {
        return closeRequested;
    }

    @Override
    public void requestClose() {
        closeRequested.fire(null);
    }

    @Override
    public synchronized Signal.Registration onHeartbeat(HeartbeatCallback callback) {
        HeartbeatCallback[] now = heartbeats;
        HeartbeatCallback[] more = Arrays.copyOf(now, now.length + 1);
        more[now.length] = callback;
        heartbeats = more;
        return () -> removeHeartbeat(callback);
    }

    private synchronized void removeHeartbeat(HeartbeatCallback callback) {
        HeartbeatCallback[] now = heartbeats;
        int at = Arrays.asList(now).indexOf(callback);
        if (at >= 0) {
            HeartbeatCallback[] fewer = Arrays.copyOf(now, now.length - 1);
            System.arraycopy(now, at + 1, fewer, at, fewer.length - at);
            heartbeats = fewer;
        }
    }

    @Override
    public void onCompleted(Runnable callback) {
        if (completions == null) {
            completions = new ArrayDeque<>();
        }
        completions.push(callback);
    }

    @Override
    public String toString() {
        return "Connection " + context.connectionId();
    }
}
