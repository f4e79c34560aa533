package dev.kestrel.internal.protocol;

import dev.kestrel.internal.guard.GuardCounters;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happened on all connections of a server. Safe for use by any thread. */
public final class HttpCounters {

    /** Requests whose head was accepted. */
    public final LongAdder requests = new LongAdder();

    /** Requests that were refused for what the client sent. */
    public final LongAdder badRequests = new LongAdder();

    /** Requests that the application failed. */
    public final LongAdder applicationErrors = new LongAdder();

    /** What guards refused. */
    public final GuardCounters guards = new GuardCounters();
}
