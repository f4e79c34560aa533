package dev.kestrel.internal.http1;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.Signal;

import org.jspecify.annotations.Nullable;

/**
 * Lets an application know that its client has gone: pays for the watching only while somebody
 * asked for it.
 */
final class Http1AbortWatch {

    private final BaseConnectionContext connection;
    private Signal.@Nullable Registration onClosed;
    private Signal.@Nullable Registration onPeerGone;
    private @Nullable ConnectionReadAheadFeature readAhead;

    Http1AbortWatch(BaseConnectionContext connection) {
        this.connection = connection;
    }

    /** Makes a signal fire when the client goes, or this side aborts. */
    void start(Signal signal) {
        onClosed = connection.closed().onFired(() -> fire(signal, connection.closed()));
        ConnectionReadAheadFeature feature =
                connection.features().get(ConnectionReadAheadFeature.class);
        if (feature != null) {
            onPeerGone = feature.peerGone().onFired(() -> fire(signal, feature.peerGone()));
            feature.start();
            readAhead = feature;
        }
    }

    /**
     * Runs the application's callbacks on a thread of their own: the end may have been noticed by
     * the heartbeat, or by whoever stops the server, and neither waits for an application.
     */
    private static void fire(Signal signal, Signal noticed) {
        Thread.ofVirtual().name("kestrel-aborted").start(() -> signal.fire(noticed.cause()));
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
