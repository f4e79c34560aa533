package dev.kestrel.internal.guard;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionHeartbeatFeature;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.options.TimeProvider;

/**
 * The time that a connection middleware gives its client for something, such as a PROXY header or a
 * handshake.
 */
public final class ConnectionDeadline {

    private static final ConnectionAbortedException STOPPING =
            new ConnectionAbortedException("The server stops");

    private ConnectionDeadline() {}

    /**
     * Starts the time. On the connection's thread.
     *
     * @param nanos how long
     * @param late is called when it is over, on the heartbeat's thread
     * @return closing it ends the time; for the connection's thread
     */
    public static Signal.Registration start(
            ConnectionContext connection, TimeProvider time, long nanos, Runnable late) {
        TimeoutControl clock = new TimeoutControl(reason -> late.run(), time.nanoTime());
        clock.setTimeout(nanos, TimeoutReason.FEATURE);
        ConnectionHeartbeatFeature heartbeat =
                connection.features().get(ConnectionHeartbeatFeature.class);
        Signal.Registration beats =
                heartbeat == null ? () -> {} : heartbeat.onHeartbeat(clock::tick);
        return () -> {
            clock.cancelTimeout();
            beats.close();
        };
    }

    /**
     * As {@link #start}, for a client that has not asked anything yet: a server that stops does not
     * wait for it.
     */
    public static Signal.Registration startBeforeRequests(
            ConnectionContext connection, TimeProvider time, long nanos, Runnable late) {
        Signal.Registration clock = start(connection, time, nanos, late);
        ConnectionLifetimeNotificationFeature lifetime =
                connection.features().get(ConnectionLifetimeNotificationFeature.class);
        Signal.Registration closing =
                lifetime == null
                        ? () -> {}
                        : lifetime.closeRequested().onFired(() -> connection.abort(STOPPING));
        return () -> {
            clock.close();
            closing.close();
        };
    }
}
