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
 * engine made, and passes on to it what comes from outside: beats, timeouts, the wish to close, the
 * end of the transport.
 */
final class HttpConnection
        implements TimeoutControl.Handler, ConnectionHeartbeatFeature.HeartbeatCallback {

    /** Makes the engine of a connection, on the connection's thread. */
    @FunctionalInterface
    interface Engine {
        RequestProcessor create(TimeoutControl timeouts) throws IOException;
    }

    private final BaseConnectionContext connection;
    private final Engine engines;
    private final TimeoutControl timeouts;

    /** The engine while it runs: what comes before or after that reaches nobody. */
    private volatile @Nullable RequestProcessor processor;

    HttpConnection(BaseConnectionContext connection, HttpServices services, Engine engines) {
        this.connection = connection;
        this.engines = engines;
        timeouts = new TimeoutControl(this, services.options().timeProvider().nanoTime());
    }

    /** Serves requests until the connection is done. */
    void processRequests(HttpHandler application) throws Exception {
        RequestProcessor engine = engines.create(timeouts);
        processor = engine;
        ConnectionHeartbeatFeature heartbeat =
                connection.features().get(ConnectionHeartbeatFeature.class);
        Signal.Registration beats = heartbeat == null ? () -> {} : heartbeat.onHeartbeat(this);
        ConnectionLifetimeNotificationFeature lifetime =
                connection.features().get(ConnectionLifetimeNotificationFeature.class);
        // Either may have fired already; the callback runs at once then.
        Signal.Registration closed = connection.closed().onFired(engine::onConnectionClosed);
        Signal.Registration closing =
                lifetime == null
                        ? () -> {}
                        : lifetime.closeRequested().onFired(engine::stopProcessingNextRequest);
        try {
            engine.processRequests(application);
        } finally {
            beats.close();
            closing.close();
            closed.close();
            processor = null;
            timeouts.cancelTimeout();
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
