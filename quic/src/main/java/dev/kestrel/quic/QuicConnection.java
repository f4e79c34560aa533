package dev.kestrel.quic;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionIds;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.internal.loops.GuestThread;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection. Its channel and its set of streams are the loop's; one thread accepts streams, and
 * any may abort.
 */
final class QuicConnection extends MultiplexedConnectionContext {

    /** How many streams that were cut off a connection may have had; about 2 MiB of memory. */
    private static final int MAX_CUT_OFF_STREAMS = 2000;

    private static final System.Logger LOG = System.getLogger(QuicConnection.class.getName());

    private final String connectionId = ConnectionIds.next();
    private final QuicChannel channel;
    private final LoopQueue queue;
    private final Scratch scratch;
    private final TransportSettings settings;
    private final @Nullable SocketAddress localAddress;
    private final @Nullable SocketAddress remoteAddress;
    private final StreamAcceptor accepted = new StreamAcceptor();
    private final StreamOpener opener;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile long errorCode;

    // The loop's.
    private final Set<QuicStream> streams = new HashSet<>();
    private final StreamPriorities priorities = new StreamPriorities();
    private boolean ended;
    private int cutOffStreams;
    private long progress;
    private @Nullable IOException endReason;

    QuicConnection(
            QuicChannel channel, LoopQueue queue, Scratch scratch, TransportSettings settings) {
        this.channel = channel;
        this.queue = queue;
        this.scratch = scratch;
        this.settings = settings;
        this.errorCode = settings.options().defaultCloseErrorCode();
        this.localAddress = channel.localSocketAddress();
        this.remoteAddress = channel.remoteSocketAddress();
        this.opener = new StreamOpener(this, channel);
        features().set(MemoryPoolFeature.class, new MemoryPoolFeature(settings.pool()));
    }

    @Override
    public String connectionId() {
        return connectionId;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public @Nullable StreamContext acceptStream() throws IOException {
        return accepted.accept();
    }

    @Override
    public StreamContext openUnidirectionalStream() throws IOException {
        return opener.open();
    }

    @Override
    public void errorCode(long code) {
        errorCode = code;
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        abort(reason, errorCode);
    }

    @Override
    public void abort(ConnectionAbortedException reason, long code) {
        queue.add(
                new LoopTask() {
                    @Override
                    void run() {
                        shut(code, reason);
                    }

                    @Override
                    void drop() {
                        end(reason);
                    }
                });
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            ConnectionDrain drain =
                    new ConnectionDrain(this, channel, settings.options().drainTimeout());
            queue.add(drain);
            drain.await();
        }
    }

    @Override
    public Thread newThread(Runnable task) {
        GuestThread carried = queue.guest();
        return carried == null ? super.newThread(task) : carried.newThread(task);
    }

    TransportSettings settings() {
        return settings;
    }

    LoopQueue queue() {
        return queue;
    }

    Scratch scratch() {
        return scratch;
    }

    // All of what follows runs on the loop.

    /** The client has opened a stream. */
    void opened(QuicStreamChannel streamChannel) {
        QuicStream stream = add(streamChannel);
        if (!ended) {
            accepted.add(stream);
        }
    }

    /** Puts a stream on its channel. */
    QuicStream add(QuicStreamChannel streamChannel) {
        streamChannel.config().setAutoRead(false);
        if (streamChannel.type() == QuicStreamType.BIDIRECTIONAL) {
            streamChannel.config().setAllowHalfClosure(true);
        }
        streamChannel.config().setReadFrames(true);
        QuicStream stream = new QuicStream(this, streamChannel);
        streamChannel.pipeline().addLast(new StreamHandler(this, stream));
        streams.add(stream);
        if (streamChannel.isLocalCreated()) {
            streamChannel.updatePriority(StreamPriorities.OWN);
        } else if (priorities.tellsAll()) {
            stream.tellPriority(priorities);
        }
        return stream;
    }

    /** The client wants a stream to be sent with this urgency. */
    void prioritized(QuicStream stream, int urgency) {
        if (priorities.changesOthers(urgency)) {
            for (QuicStream each : streams) {
                each.tellPriority(priorities);
            }
        } else {
            stream.tellPriority(priorities);
        }
    }

    /**
     * A stream is over.
     *
     * @param cutOff whether the client's direction has come to no good end: Netty keeps a little of
     *     each such stream while the connection lives
     */
    void released(QuicStream stream, boolean cutOff) {
        streams.remove(stream);
        if (cutOff && !ended && ++cutOffStreams == MAX_CUT_OFF_STREAMS) {
            // Not now: the library may be about to send.
            abort(
                    new ConnectionAbortedException(
                            "Too many streams of the connection were cut off"));
        }
    }

    /** The library has taken so many bytes of a stream. */
    void progressed(long bytes) {
        progress += bytes;
    }

    /** Grows with what the library takes of all streams. */
    long progress() {
        return progress;
    }

    void limitsChanged() {
        opener.retry();
    }

    boolean isSending() {
        for (QuicStream stream : streams) {
            if (stream.isSending()) {
                return true;
            }
        }
        return false;
    }

    /** Ends the connection now with the code that was set. */
    void shut(@Nullable IOException reason) {
        shut(errorCode, reason);
    }

    private void shut(long code, @Nullable IOException reason) {
        boolean first = !ended;
        end(reason);
        if (first && channel.isOpen()) {
            channel.close(true, settings.closeCode(code), Unpooled.EMPTY_BUFFER);
        }
    }

    /** Why streams fail: what the connection has ended with, or what the library says. */
    IOException failure(@Nullable Throwable problem) {
        IOException reason = endReason;
        if (reason != null) {
            return reason;
        }
        if (problem != null) {
            LOG.log(Level.DEBUG, () -> this + " has failed", problem);
        }
        return ended
                ? new ConnectionAbortedException("The connection was closed")
                : new ConnectionResetException("The connection failed", problem);
    }

    /**
     * The connection is over.
     *
     * @param reason what whoever waits gets, or {@code null} for an end in good order
     */
    void end(@Nullable IOException reason) {
        if (ended) {
            return;
        }
        ended = true;
        endReason = reason;
        accepted.end(reason);
        IOException failure = failure(null);
        opener.end(failure);
        for (QuicStream stream : List.copyOf(streams)) {
            stream.connectionEnded(failure);
        }
        closed().fire(reason);
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public String toString() {
        return "QuicConnection[" + connectionId + " " + remoteAddress + "]";
    }
}
