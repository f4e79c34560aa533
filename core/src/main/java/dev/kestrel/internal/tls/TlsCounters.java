package dev.kestrel.internal.tls;

import java.util.concurrent.atomic.LongAdder;

/** Counts handshakes. Safe for use by any thread. */
public final class TlsCounters {

    private final LongAdder started = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void started() {
        started.increment();
    }

    void ended(boolean good) {
        (good ? completed : failed).increment();
    }

    /** Handshakes that have come to their end. */
    public long completed() {
        return completed.sum();
    }

    /** Handshakes that have failed, and clients that did not begin one. */
    public long failed() {
        return failed.sum();
    }

    /** Handshakes that go on. */
    public long current() {
        return Math.max(0, started.sum() - completed.sum() - failed.sum());
    }
}
