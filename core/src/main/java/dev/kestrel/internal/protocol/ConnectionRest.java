package dev.kestrel.internal.protocol;

import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.internal.guard.TimeoutControl;

import java.io.IOException;

/**
 * When a connection that waits for a request has a thread and an engine, and when it has neither.
 * One that was not asked for anything in the last beat of the heart rests: its engine is dropped,
 * its thread ends, and the transport starts another one when there is input. One that is busy would
 * pay for that with each request, and keeps both.
 *
 * <p>Lives as long as the connection, and belongs to its thread; {@link #wake()} and {@link
 * #beat()} are for any.
 */
public final class ConnectionRest {

    private final ConnectionRestFeature transport;
    private final TimeoutControl timeouts;
    private long begun;
    private long requests;

    /** The last rest was longer than a beat, or there was none yet. */
    private boolean seldom = true;

    /** For a connection that is HTTP and nothing else. */
    public ConnectionRest(ConnectionRestFeature transport, TimeoutControl timeouts) {
        this.transport = transport;
        this.timeouts = timeouts;
    }

    /** Whether requests are so seldom that the connection rests after each. */
    public boolean isAtOnce() {
        return seldom;
    }

    /** Whether the client has said something already, or has ended the connection. */
    public boolean hasInput() throws IOException {
        return transport.readNow();
    }

    /** Waits for input, with a thread but without memory; may return before there is any. */
    public void awaitInput() throws IOException {
        transport.awaitInput();
    }

    /** Ends a wait of {@link #awaitInput()}. */
    public void wake() {
        transport.wake();
    }

    /** A beat of the heart in a rest. From any thread. */
    public void beat() {
        transport.retry();
    }

    /**
     * A rest begins.
     *
     * @param served how many requests the connection has had
     */
    public void begin(long served) {
        requests = served;
        begun = timeouts.beats();
    }

    /** A rest has ended: there is input. */
    public void end() {
        seldom = timeouts.beats() != begun;
    }

    /** How many requests the connection had before its last rest. */
    public long requests() {
        return requests;
    }
}
