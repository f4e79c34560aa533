package dev.kestrel.internal.serving;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * HTTP on one connection, whatever its version and its kind: owns the connection's clock, has the
 * engine made, and passes on to it what comes from outside: beats, timeouts, the wish to close.
 */
final class HttpConnection
        implements TimeoutControl.Handler, ConnectionHeartbeatFeature.HeartbeatCallback {

    /** Makes the engine of a connection, on the connection's thread. */
    @FunctionalInterface
    interface Engine {
        RequestProcessor create(TimeoutControl timeouts) throws IOException;
    }

    private final BaseConnectionContext connection;
    private final TimeoutControl timeouts;

    /** The engine while it runs or rests: what comes before or after that reaches nobody. */
    private volatile @Nullable RequestProcessor processor;

    private Signal.@Nullable Registration beats;
    private Signal.@Nullable Registration closing;

    HttpConnection(BaseConnectionContext connection, HttpServices services) {
        this.connection = connection;
        timeouts = new TimeoutControl(this, services.options().timeProvider().nanoTime());
    }

    /** Has the engine made. */
    void begin(Engine engines) throws IOException {
        RequestProcessor engine = engines.create(timeouts);
        processor = engine;
        ConnectionHeartbeatFeature heartbeat =
                connection.features().get(ConnectionHeartbeatFeature.class);
        beats = heartbeat == null ? null : heartbeat.onHeartbeat(this);
        ConnectionLifetimeNotificationFeature lifetime =
                connection.features().get(ConnectionLifetimeNotificationFeature.class);
        // It may have fired already; the callback runs at once then.
        closing =
                lifetime == null
                        ? null
                        : lifetime.closeRequested().onFired(engine::stopProcessingNextRequest);
    }

    /**
     * Serves requests until the connection is done.
     *
     * @return false when it is not, but rests: to be called again when there is input
     */
    boolean processRequests(HttpHandler application) throws Exception {
        RequestProcessor engine = processor;
        if (engine == null) {
            throw new IllegalStateException("The connection has no engine");
        }
        boolean resting = false;
        try {
            engine.processRequests(application);
            resting = engine.isResting();
        } finally {
            if (!resting) {
                end();
            }
        }
        return !resting;
    }

    private void end() {
        close(beats);
        close(closing);
        processor = null;
        timeouts.cancelTimeout();
    }

    private static void close(Signal.@Nullable Registration registration) {
        if (registration != null) {
            registration.close();
        }
    }

    @Override
    public void tick(long nanoTime) {
        RequestProcessor engine = processor;
        if (engine != null) {
            timeouts.tick(nanoTime);
            engine.tick(nanoTime);
        }
    }

    @Override
    public void onTimeout(TimeoutReason reason) {
        RequestProcessor engine = processor;
        if (engine != null) {
            engine.onTimeout(reason);
        }
    }
}
