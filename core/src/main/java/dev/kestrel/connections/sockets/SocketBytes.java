package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.Signal;
import dev.kestrel.internal.loops.Readiness;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/**
 * A channel as a source and a sink, whose errors say who ended the connection. The channel blocks,
 * or has a {@link Readiness} to wait for; whoever uses the connection can not tell which.
 */
final class SocketBytes implements ByteSource, ByteSink {

    private static final System.Logger LOG = System.getLogger(SocketConnection.class.getName());

    private static final VarHandle ABORT_REASON;

    static {
        try {
            ABORT_REASON =
                    MethodHandles.lookup()
                            .findVarHandle(
                                    SocketBytes.class,
                                    "abortReason",
                                    ConnectionAbortedException.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SocketChannel channel;
    private final @Nullable Readiness readiness;
    private final boolean internet;
    private final Signal closed;
    private volatile @Nullable ConnectionAbortedException abortReason;

    /** Made for the first large write, and not kept for a rest. */
    private @Nullable WriteOffer offer;

    private @Nullable InputStream stream;

    /** The last read took all there was: before the next one it is best to wait. */
    private boolean drained;

    private volatile boolean inputOver;
    private boolean outputEnded;
    private boolean written;
    private long lastWrite;

    SocketBytes(SocketChannel channel, @Nullable Readiness readiness, Signal closed)
            throws IOException {
        this.channel = channel;
        this.readiness = readiness;
        this.closed = closed;
        this.internet = channel.getLocalAddress() instanceof InetSocketAddress;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        try {
            checkAborted();
            Readiness ready = readiness;
            return noteEnd(ready == null ? channel.read(target) : readWhenReady(ready, target));
        } catch (IOException e) {
            inputOver = true;
            throw failure(e);
        }
    }

    /**
     * A read that finds nothing costs as much as one that finds something. So after one that did
     * not fill the buffer the thread waits at once; the loop knows when there is more.
     */
    private int readWhenReady(Readiness ready, ByteBuffer target) throws IOException {
        int room = target.remaining();
        if (drained) {
            ready.awaitReadable();
        }
        while (true) {
            ready.beforeRead();
            int count = channel.read(target);
            if (count != 0) {
                drained = count > 0 && count < room;
                return count;
            }
            ready.awaitReadable();
        }
    }

    @Override
    public int available() throws IOException {
        if (!internet) {
            return -1;
        }
        try {
            InputStream input = stream;
            if (input == null) {
                input = channel.socket().getInputStream();
                stream = input;
            }
            return input.available();
        } catch (IOException e) {
            // Whatever it is, the read that follows meets it as well, and can tell what it means.
            return 0;
        }
    }

    /** Whether there is input is for the loop to say, and not for the last read. */
    void lookAnew() {
        drained = true;
    }

    /** A loop knows without a call to the system. */
    @Override
    public boolean awaitInput() throws IOException {
        Readiness ready = readiness;
        if (ready == null) {
            return available() != 0;
        }
        if (drained) {
            try {
                ready.awaitReadable();
            } catch (IOException e) {
                inputOver = true;
                throw failure(e);
            }
            drained = false;
        }
        return true;
    }

    /** Has a task run on a new thread when there may be something to read. */
    void rest(Readiness ready, Runnable task) {
        drained = false;
        offer = null;
        stream = null;
        ready.rest(task);
    }

    @Override
    public int widestRead() {
        return readiness == null && !internet ? 1 : Integer.MAX_VALUE;
    }

    @Override
    public int readNow(ByteBuffer[] targets, int count) throws IOException {
        try {
            checkAborted();
            Readiness ready = readiness;
            if (ready == null) {
                return noteEnd(readAvailable(targets, count));
            }
            long room = 0;
            for (int i = 0; i < count; i++) {
                room += targets[i].remaining();
            }
            ready.beforeRead();
            long read = count == 1 ? channel.read(targets[0]) : channel.read(targets, 0, count);
            drained = read >= 0 && read < room;
            return noteEnd((int) read);
        } catch (IOException e) {
            inputOver = true;
            throw failure(e);
        }
    }

    /** Who can not tell how much there is may have to wait, and then holds no more than needed. */
    private int readAvailable(ByteBuffer[] targets, int count) throws IOException {
        return internet ? (int) channel.read(targets, 0, count) : channel.read(targets[0]);
    }

    private int noteEnd(int count) {
        if (count < 0) {
            inputOver = true;
        }
        return count;
    }

    @Override
    public void cancel() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The input was closed already", e);
        }
        if (readiness != null) {
            readiness.wake();
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        try {
            beforeWrite();
            while (source.hasRemaining()) {
                channel.write(source);
                awaitRoom(source);
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            noteWrite();
        }
    }

    @Override
    public void write(ByteBuffer[] sources, int count) throws IOException {
        try {
            beforeWrite();
            while (sources[count - 1].hasRemaining()) {
                channel.write(sources, 0, count);
                awaitRoom(sources[count - 1]);
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            noteWrite();
        }
    }

    @Override
    public void write(ByteBuffer[] sources, int count, PipeWriter.Progress progress)
            throws IOException {
        try {
            beforeWrite();
            WriteOffer offer = offer();
            while (offer.prepare(sources, count)) {
                long taken;
                try {
                    taken =
                            offer.count() == 1
                                    ? channel.write(sources[offer.from()])
                                    : channel.write(sources, offer.from(), offer.count());
                } finally {
                    offer.restore();
                }
                boolean whole = offer.taken(taken);
                if (taken > 0) {
                    progress.taken(taken);
                }
                if (!whole && readiness != null) {
                    readiness.awaitWritable();
                }
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            noteWrite();
        }
    }

    private WriteOffer offer() {
        WriteOffer mine = offer;
        if (mine == null) {
            mine = new WriteOffer();
            offer = mine;
        }
        return mine;
    }

    private void beforeWrite() throws IOException {
        if (readiness != null) {
            readiness.checkInterrupt();
        }
        checkAborted();
    }

    /** A loop closes the channel after the abort: it may be open still, and must not seem to be. */
    private void checkAborted() throws ConnectionAbortedException {
        ConnectionAbortedException reason = abortReason;
        if (reason != null) {
            throw reason;
        }
    }

    private void awaitRoom(ByteBuffer last) throws IOException {
        if (readiness != null && last.hasRemaining()) {
            readiness.awaitWritable();
        }
    }

    @Override
    public void end() throws IOException {
        outputEnded = true;
        try {
            // An end of the stream before the reset would make what was sent look whole.
            checkAborted();
            channel.shutdownOutput();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Sends the end of the stream unless that was done; false when the connection is over anyway.
     */
    boolean endQuietly() {
        try {
            if (!outputEnded) {
                end();
            }
            return channel.isOpen() && abortReason == null;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether nothing more can come in: the peer has ended its side, or the connection is broken.
     */
    boolean isInputOver() {
        return inputOver;
    }

    /**
     * When something was sent last, in nanoseconds before now; very long ago when nothing was sent
     * at all.
     */
    long nanosSinceWrite() {
        return written ? System.nanoTime() - lastWrite : Long.MAX_VALUE;
    }

    void abort(ConnectionAbortedException reason) {
        if (!ABORT_REASON.compareAndSet(this, null, reason)) {
            return;
        }
        if (internet) {
            try {
                // With nothing to linger for, close sends a reset and drops what was not sent yet.
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "The connection was closed before it was aborted", e);
            }
        }
        closeChannel();
        closed.fire(reason);
    }

    void close() {
        closeChannel();
        closed.fire(null);
    }

    void closeChannel() {
        if (readiness != null) {
            readiness.close();
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A socket failed to close", e);
        }
    }

    private void noteWrite() {
        written = true;
        lastWrite = System.nanoTime();
    }

    private IOException failure(IOException platform) {
        ConnectionAbortedException reason = abortReason;
        if (reason != null) {
            return reason;
        }
        if (platform instanceof ClosedByInterruptException) {
            ConnectionAbortedException interrupted =
                    new ConnectionAbortedException(
                            "The thread was interrupted while it used the connection", platform);
            closed.fire(interrupted);
            return interrupted;
        }
        if (platform instanceof ClosedChannelException) {
            return new ConnectionAbortedException(
                    "The connection was closed on this side", platform);
        }
        // "Connection reset", "Broken pipe", "Connection timed out", "No route to host" and their
        // kin.
        ConnectionResetException reset =
                new ConnectionResetException(
                        "The peer broke the connection: " + platform.getMessage(), platform);
        closed.fire(reset);
        return reset;
    }
}
