package dev.kestrel.internal.http3;

import dev.kestrel.connections.Signal;

import org.jspecify.annotations.Nullable;

/**
 * Tells an application that watches for it that its stream has ended before its time. Begun and
 * ended by the stream's thread; it serves one stream after another.
 */
final class Http3AbortWatch {

    private Signal.@Nullable Registration registration;

    /** What the application watches, if it does. */
    private volatile @Nullable Signal watched;

    /**
     * The application begins to watch.
     *
     * @param signal what it watches
     * @param closed fires when the transport's stream has ended
     */
    void begin(Signal signal, Signal closed) {
        watched = signal;
        registration = closed.onFired(() -> fire(signal, closed.cause()));
    }

    /**
     * The client has reset the stream: whoever reads may learn of it, and end the request, before
     * the transport says it. From any thread.
     */
    void resetByClient(Throwable reason) {
        Signal signal = watched;
        if (signal != null) {
            fire(signal, reason);
        }
    }

    /** The request is over. */
    void end() {
        watched = null;
        Signal.Registration watching = registration;
        registration = null;
        if (watching != null) {
            watching.close();
        }
    }

    /** On a thread of its own: whoever noticed the end does not wait for an application. */
    private static void fire(Signal signal, @Nullable Throwable reason) {
        if (reason != null) {
            Thread.ofVirtual().name("kestrel-aborted").start(() -> signal.fire(reason));
        }
    }
}
