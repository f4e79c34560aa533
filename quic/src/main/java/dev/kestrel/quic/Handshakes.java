package dev.kestrel.quic;

import dev.kestrel.connections.tls.TlsHostSelector;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the handshakes that are under way on all loops of a listener. */
final class Handshakes {

    private final TlsHostSelector observer;
    private final AtomicInteger underWay = new AtomicInteger();

    Handshakes(TlsHostSelector observer) {
        this.observer = observer;
    }

    void started() {
        underWay.incrementAndGet();
        observer.handshakeStarted();
    }

    void ended(boolean completed) {
        underWay.decrementAndGet();
        observer.handshakeEnded(completed);
    }

    int underWay() {
        return underWay.get();
    }
}
