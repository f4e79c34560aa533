package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionIds;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.internal.loops.Readiness;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;

/**
 * A connection over a socket: pipes straight over the channel, and the ways in which a connection
 * ends. The pipes are not kept while it rests.
 */
final class SocketConnection extends ConnectionContext
        implements DuplexPipe,
                ConnectionReadAheadFeature,
                ConnectionRestFeature,
                SourcePipeReader.EndListener {

    private static final ConnectionAbortedException CLOSED =
            new ConnectionAbortedException("The connection was closed on this side");

    private static final VarHandle INPUT;
    private static final VarHandle OUTPUT;
    private static final VarHandle PEER_GONE;
    private static final VarHandle CLOSING;

    static {
        try {
            MethodHandles.Lookup own = MethodHandles.lookup();
            Class<?> type = SocketConnection.class;
            INPUT = own.findVarHandle(type, "input", SourcePipeReader.class);
            OUTPUT = own.findVarHandle(type, "output", SinkPipeWriter.class);
            PEER_GONE = own.findVarHandle(type, "peerGone", Signal.class);
            CLOSING = own.findVarHandle(type, "closing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SocketConnectionSetup setup;
    private final @Nullable Readiness readiness;
    private final SocketBytes bytes;
    private final long id = ConnectionIds.nextNumber();

    // Made when they are first needed, by whoever needs them; the first three not kept for a rest.
    private @Nullable String connectionId;
    private volatile @Nullable SourcePipeReader input;
    private volatile @Nullable SinkPipeWriter output;
    private volatile @Nullable Signal peerGone;

    /** There was a reader before the next one, and it has left its turn to that one. */
    private volatile boolean rested;

    @SuppressWarnings("unused")
    private volatile boolean closing;

    /**
     * Makes a connection.
     *
     * @param setup what connections of the listener share
     * @param readiness the channel's place in a loop, which the connection gives back at its end;
     *     {@code null} when the channel blocks
     */
    SocketConnection(
            SocketChannel channel, SocketConnectionSetup setup, @Nullable Readiness readiness)
            throws IOException {
        this.setup = setup;
        this.readiness = readiness;
        this.bytes = new SocketBytes(channel, readiness, closed());
        localAddress(channel.getLocalAddress());
        remoteAddress(channel.getRemoteAddress());
        features().set(MemoryPoolFeature.class, setup.pool());
        features().set(ConnectionReadAheadFeature.class, this);
        if (readiness != null) {
            features().set(ConnectionRestFeature.class, this);
        }
        transport(this);
    }

    @Override
    public String connectionId() {
        String text = connectionId;
        if (text == null) {
            text = ConnectionIds.format(id);
            connectionId = text;
        }
        return text;
    }

    @Override
    public Thread newThread(Runnable task) {
        return readiness == null ? super.newThread(task) : readiness.newThread(task);
    }

    @Override
    public PipeReader input() {
        return reader();
    }

    private SourcePipeReader reader() {
        SourcePipeReader now = input;
        if (now != null) {
            return now;
        }
        SourcePipeReader made = setup.newReader(bytes, this);
        if (rested) {
            made.continueRest();
        }
        now = (SourcePipeReader) INPUT.compareAndExchange(this, null, made);
        return now == null ? made : now;
    }

    @Override
    public PipeWriter output() {
        SinkPipeWriter now = output;
        if (now != null) {
            return now;
        }
        SinkPipeWriter made = setup.newWriter(bytes);
        now = (SinkPipeWriter) OUTPUT.compareAndExchange(this, null, made);
        return now == null ? made : now;
    }

    @Override
    public Signal peerGone() {
        Signal now = peerGone;
        if (now != null) {
            return now;
        }
        Signal made = new Signal();
        now = (Signal) PEER_GONE.compareAndExchange(this, null, made);
        return now == null ? made : now;
    }

    @Override
    public void start() {
        reader().startReadAhead();
    }

    @Override
    public void stop() {
        reader().stopReadAhead();
    }

    @Override
    public boolean readNow() throws IOException {
        return reader().readNow();
    }

    @Override
    public void awaitInput() throws IOException {
        bytes.lookAnew();
        reader().awaitInput();
    }

    @Override
    public void retry() {
        if (readiness != null) {
            readiness.retryRest();
        }
    }

    @Override
    public void wake() {
        if (readiness != null) {
            readiness.wake();
        }
    }

    @Override
    public boolean rest(Runnable task) {
        if (readiness == null || !reader().beginRest()) {
            return false;
        }
        rested = true;
        // Whoever has the reader in hand still can end the rest, for that does not depend on it.
        input = null;
        SinkPipeWriter writer = output;
        if (writer != null && writer.isAsNew()) {
            output = null;
        }
        connectionId = null;
        bytes.rest(readiness, task);
        return true;
    }

    @Override
    public void inputEnded(@Nullable IOException error) {
        peerGone().fire(error);
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        bytes.abort(reason);
        peerGone().fire(reason);
    }

    @Override
    public void close() {
        if (!CLOSING.compareAndSet(this, false, true)) {
            return;
        }
        // An error, so that nothing is sent that nobody flushed.
        output().complete(CLOSED);
        input().complete();
        try {
            if (bytes.endQuietly()) {
                Linger.drain(bytes, setup.options().lingerTimeout());
            }
        } finally {
            bytes.close();
            if (readiness != null) {
                readiness.release();
            }
        }
    }

    @Override
    public String toString() {
        return "SocketConnection[" + connectionId() + " " + remoteAddress() + "]";
    }
}
