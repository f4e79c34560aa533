package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;

import org.jspecify.annotations.Nullable;

/**
 * HTTP on one connection, whatever its version: owns the connection's clock, lets the {@link
 * ProtocolSelector} choose the engine, and passes on to it what comes from outside: beats,
 * timeouts, the wish to close, the end of the transport.
 */
final class HttpConnection
        implements TimeoutControl.Handler, ConnectionHeartbeatFeature.HeartbeatCallback {

    private final ConnectionContext connection;
    private final HttpServices services;
    private final ProtocolSelector protocols;
    private final TimeoutControl timeouts;

    /** The engine while it runs: what comes before or after that reaches nobody. */
    private volatile @Nullable RequestProcessor processor;

    HttpConnection(
            ConnectionContext connection, HttpServices services, ProtocolSelector protocols) {
        this.connection = connection;
        this.services = services;
        this.protocols = protocols;
        timeouts = new TimeoutControl(this, services.options().timeProvider().nanoTime());
    }

    /** Serves requests until the connection is done. */
    void processRequests(HttpHandler application) throws Exception {
        RequestProcessor engine =
                protocols.select(
                        new HttpConnectionContext(connection, services, timeouts, scheme()));
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

    private String scheme() {
        boolean encrypted = connection.features().get(TlsConnectionFeature.class) != null;
        return encrypted ? "https" : "http";
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
