package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.internal.protocol.Disconnect;
import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The transport's stream under a {@link Http3Stream}, and how it ends: by itself, or before its
 * time by either side. Safe for use by any thread, but for {@link #begin} and {@link #end}, which
 * belong to whoever owns the stream while no application runs.
 */
final class Http3StreamLife {

    private static final long NO_STREAM = -1;
    private static final ConnectionAbortedException NOT_WANTED =
            new ConnectionAbortedException("Nobody reads the request any more");

    private final AtomicReference<@Nullable IOException> reason = new AtomicReference<>();
    private volatile long id = NO_STREAM;
    private volatile @Nullable StreamContext transport;
    private volatile boolean responseSent;
    private volatile boolean accepted;

    /** Who read or wrote has found it out, which may be before {@code closed()} says so. */
    private volatile boolean resetSeen;

    /** A stream begins. */
    void begin(StreamContext stream) {
        reason.set(null);
        responseSent = false;
        accepted = false;
        resetSeen = false;
        transport = stream;
        id = stream.streamId();
    }

    /** The stream is over: gives its place back to the client. */
    void end() {
        StreamContext stream = transport();
        id = NO_STREAM;
        transport = null;
        stream.close();
    }

    /** Which stream it is; below zero when it is none. */
    long streamId() {
        return id;
    }

    StreamContext transport() {
        StreamContext stream = transport;
        if (stream == null) {
            throw new IllegalStateException("The stream has ended");
        }
        return stream;
    }

    /** From now on the request is processed. */
    void accepted() {
        accepted = true;
    }

    /**
     * The code for a request that is not served to its end. RFC 9114 section 4.1.1: a client may
     * send one that was rejected again, so what was processed may not be called that.
     */
    long refusal() {
        return accepted ? Http3ErrorCode.REQUEST_CANCELLED : Http3ErrorCode.REQUEST_REJECTED;
    }

    /** The whole response was handed to the transport. */
    void responseSent() {
        responseSent = true;
    }

    /** Whether the whole response was handed to the transport. */
    boolean isResponseSent() {
        return responseSent;
    }

    /**
     * Ends both directions before their time.
     *
     * @return false when this side has done so before, or the stream is over
     */
    boolean reset(long code, String message) {
        StreamContext stream = transport;
        if (stream == null
                || !reason.compareAndSet(null, new StreamResetException(message, code, false))) {
            return false;
        }
        ConnectionAbortedException why = new ConnectionAbortedException(message);
        stream.abortWrite(code, why);
        stream.abortRead(code, why);
        return true;
    }

    /** Asks the client to stop sending, without blame: the response does not need it. */
    void stopReading() {
        transport().abortRead(Http3ErrorCode.NO_ERROR, NOT_WANTED);
    }

    /** Tells the transport how the client wants the stream served beside others. */
    void prioritize(Priority priority) {
        StreamContext stream = transport;
        if (stream != null) {
            stream.priority(priority.urgency(), priority.incremental());
        }
    }

    /** From now on it is noticed at once when the client wants no more of the response. */
    void watchForStop() {
        StreamContext stream = transport;
        if (stream != null) {
            stream.watchForStop();
        }
    }

    /** Whether this side has ended it before its time. */
    boolean isReset() {
        return reason.get() != null;
    }

    /** Whether the client has ended either direction before its time. */
    boolean isResetByClient() {
        StreamContext stream = transport;
        return resetSeen || (stream != null && isReset(stream.closed().cause()));
    }

    private static boolean isReset(@Nullable Throwable cause) {
        return cause instanceof StreamResetException reset && reset.isByPeer();
    }

    /** The transport has failed to read or write. */
    void notice(IOException error) {
        if (isReset(error)) {
            resetSeen = true;
        }
    }

    /** Fires when the transport's stream has ended; {@code null} when there is none any more. */
    @Nullable Signal closed() {
        StreamContext stream = transport;
        return stream == null ? null : stream.closed();
    }

    /** Throws when this side has ended the stream before its time. */
    void checkOpen() throws IOException {
        IOException why = reason.get();
        if (why != null) {
            throw Disconnect.again(why);
        }
    }

    /** Throws when the stream has ended before its time, by whomever. */
    void checkAlive() throws IOException {
        checkOpen();
        StreamContext stream = transport();
        if (stream.closed().isFired()) {
            throw stream.closed().cause() instanceof IOException cause
                    ? Disconnect.again(cause)
                    : new ConnectionAbortedException("The stream has ended");
        }
    }

    /** What an application is told when the transport fails it: a new exception each time. */
    IOException failed(IOException error) {
        notice(error);
        IOException why = reason.get();
        return Disconnect.again(why != null ? why : error);
    }

    /** Why the stream has ended, when this side has ended it before its time. */
    @Nullable IOException endReason() {
        IOException why = reason.get();
        return why == null ? null : Disconnect.again(why);
    }
}
