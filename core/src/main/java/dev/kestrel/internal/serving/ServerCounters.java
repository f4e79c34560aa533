package dev.kestrel.internal.serving;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happened to connections before any protocol saw them. Safe for use by any thread. */
final class ServerCounters {

    /** Connections above {@code limits.maxConcurrentConnections}. */
    final LongAdder rejected = new LongAdder();

    /**
     * Connections whose PROXY header was missing, malformed, late, or came from a peer that is not
     * trusted.
     */
    final LongAdder proxyRejected = new LongAdder();
}
