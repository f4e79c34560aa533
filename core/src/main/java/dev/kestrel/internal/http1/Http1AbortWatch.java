package dev.kestrel.internal.http1;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.Signal;

import org.jspecify.annotations.Nullable;

/**
 * Lets an application know that its client has gone: pays for the watching only while somebody
 * asked for it.
 */
final class Http1AbortWatch {

    private final ConnectionContext connection;
    private Signal.@Nullable Registration onClosed;
    private Signal.@Nullable Registration onPeerGone;
    private @Nullable ConnectionReadAheadFeature readAhead;

    Http1AbortWatch(ConnectionContext connection) {
        this.connection = connection;
    }

    /** Makes a signal fire when the client goes, or this side aborts. */
    void start(Signal signal) {
        onClosed = connection.closed().onFired(() -> signal.fire(connection.closed().cause()));
        ConnectionReadAheadFeature feature =
                connection.features().get(ConnectionReadAheadFeature.class);
        if (feature != null) {
            onPeerGone = feature.peerGone().onFired(() -> signal.fire(feature.peerGone().cause()));
            feature.start();
            readAhead = feature;
        }
    }

    /** The request is over. */
    void stop() {
        if (onClosed != null) {
            onClosed.close();
            onClosed = null;
        }
        if (onPeerGone != null) {
            onPeerGone.close();
            onPeerGone = null;
        }
        if (readAhead != null) {
            readAhead.stop();
            readAhead = null;
        }
    }
}
