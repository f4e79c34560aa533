package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.pipelines.PipeReader;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the connection ends, and why: who asks first says so. Its frame loop hears of it, and has
 * a few beats then in which the client can take the reason. Safe for use by any thread.
 */
final class Http2Ending {

    /** How many beats a connection that ends has to tell its client why. */
    private static final int BEATS_TO_TELL = 5;

    private static final ConnectionAbortedException NOT_READ =
            new ConnectionAbortedException("The client does not read why the connection ends");

    private final ConnectionContext connection;
    private final PipeReader input;
    private final Http2FrameWriter writer;
    private final AtomicReference<@Nullable Http2End> asked = new AtomicReference<>();

    /** Only the heartbeat. */
    private int beats;

    Http2Ending(ConnectionContext connection, PipeReader input, Http2FrameWriter writer) {
        this.connection = connection;
        this.input = input;
        this.writer = writer;
    }

    /** Asks the frame loop to end the connection, and cancels its read. */
    void request(Http2End reason) {
        if (asked.compareAndSet(null, reason)) {
            input.cancelPendingRead();
        }
    }

    /** What somebody has asked for. */
    @Nullable Http2End requested() {
        return asked.get();
    }

    boolean isRequested() {
        return asked.get() != null;
    }

    /**
     * The frame loop has ended.
     *
     * @param own how it came to its end
     * @return why the connection ends
     */
    Http2End settle(Http2End own) {
        Http2End first = asked.compareAndExchange(null, own);
        return first == null || own.isLost() ? own : first;
    }

    /** A beat of the heart while the connection ends. */
    void tick() {
        if (++beats == BEATS_TO_TELL && !writer.isFinished()) {
            connection.abort(NOT_READ);
        }
    }
}
