package dev.kestrel.internal.http3;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The streams on which this side alone sends: the control stream and those of QPACK (RFC 9114
 * section 6.2.1, RFC 9204 section 4.2). One thread opens them, for a client may not allow them yet,
 * and writes what others have left for it; no request waits for it.
 *
 * <p>It ends the connection in good order, too: that may wait for the client.
 */
final class Http3Outbound implements Runnable {

    /** What went wrong, for the connection. */
    interface Listener {
        /** One of the streams can not be written. */
        void outboundFailed(IOException error);
    }

    private static final int NO_GO_AWAY = -1;
    private static final long CONTROL = 0x0;
    private static final long ENCODER = 0x2;
    private static final long DECODER = 0x3;
    private static final int SCRATCH = 1024;

    private final MultiplexedConnectionContext connection;
    private final byte[] settings;
    private final boolean hasTables;
    private final Listener listener;

    /** GOAWAY to send; a later one takes the place of an earlier, which said less. */
    private final AtomicLong goAway = new AtomicLong(NO_GO_AWAY);

    /** Something changed since the thread has looked. */
    private final AtomicBoolean signaled = new AtomicBoolean();

    private volatile @Nullable Http3QPack qpack;
    private volatile @Nullable Thread thread;
    private volatile boolean finishing;
    private volatile boolean stopped;

    private @Nullable StreamContext control;
    private @Nullable StreamContext encoder;
    private @Nullable StreamContext decoder;
    private final byte[] scratch = new byte[SCRATCH];

    /**
     * Makes the streams of a connection.
     *
     * @param settings the payload of SETTINGS
     * @param hasTables whether the streams of QPACK are needed
     */
    Http3Outbound(
            MultiplexedConnectionContext connection,
            byte[] settings,
            boolean hasTables,
            Listener listener) {
        this.connection = connection;
        this.settings = settings;
        this.hasTables = hasTables;
        this.listener = listener;
    }

    /** Sets what writes instructions, before the thread starts. */
    void qpack(Http3QPack compression) {
        qpack = compression;
    }

    // Any thread.

    /** There is something to write. */
    void wake() {
        signaled.set(true);
        LockSupport.unpark(thread);
    }

    /** Sends GOAWAY: streams from this one on are not served (RFC 9114 section 5.2). */
    void goAway(long streamId) {
        goAway.set(streamId);
        wake();
    }

    /** Sends a last GOAWAY and closes the connection, with the code that was set for that. */
    void finish(long streamId) {
        goAway.set(streamId);
        finishing = true;
        wake();
    }

    /** The connection has ended. */
    void stop() {
        stopped = true;
        wake();
    }

    // Its own thread.

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            open();
            while (!stopped) {
                signaled.set(false);
                boolean last = finishing;
                write();
                if (last) {
                    connection.close();
                    return;
                }
                while (!signaled.get() && !stopped) {
                    LockSupport.park(this);
                }
            }
        } catch (IOException e) {
            if (!stopped) {
                listener.outboundFailed(e);
            }
        } finally {
            close(control);
            close(encoder);
            close(decoder);
        }
    }

    private void open() throws IOException {
        StreamContext opened = openStream(CONTROL);
        control = opened;
        PipeWriter out = opened.transport().output();
        writeFrame(out, Http3FrameType.SETTINGS, settings, settings.length);
        out.flush();
        if (hasTables) {
            // One whose type is not sent is no use to the client.
            encoder = openStream(ENCODER);
            encoder.transport().output().flush();
            decoder = openStream(DECODER);
            decoder.transport().output().flush();
        }
    }

    private StreamContext openStream(long type) throws IOException {
        StreamContext stream = connection.openUnidirectionalStream();
        // RFC 9114 section 6.2.1: the client must not ask for the end of one of these.
        stream.closed()
                .onFired(
                        () -> {
                            if (stream.closed().cause() instanceof StreamResetException e
                                    && !stopped) {
                                listener.outboundFailed(e);
                            }
                        });
        stream.watchForStop();
        stream.transport().output().write((int) type);
        return stream;
    }

    private void write() throws IOException {
        StreamContext to = control;
        long id = goAway.getAndSet(NO_GO_AWAY);
        if (id != NO_GO_AWAY && to != null) {
            byte[] payload = new byte[VarInt.MAX_LENGTH];
            int length = VarInt.write(id, payload, 0);
            writeFrame(to.transport().output(), Http3FrameType.GOAWAY, payload, length);
            to.transport().output().flush();
        }
        Http3QPack compression = qpack;
        if (compression != null) {
            writeEncoder(compression);
            writeDecoder(compression);
        }
    }

    private void writeEncoder(Http3QPack compression) throws IOException {
        StreamContext to = encoder;
        for (int count = compression.drainEncoder(scratch);
                count > 0 && to != null;
                count = compression.drainEncoder(scratch)) {
            to.transport().output().writeAndFlush(scratch, 0, count);
        }
    }

    private void writeDecoder(Http3QPack compression) throws IOException {
        StreamContext to = decoder;
        for (int count = compression.drainDecoder(scratch);
                count > 0 && to != null;
                count = compression.drainDecoder(scratch)) {
            to.transport().output().writeAndFlush(scratch, 0, count);
        }
    }

    private static void writeFrame(PipeWriter out, long type, byte[] payload, int length) {
        byte[] array = out.reserve(2 * VarInt.MAX_LENGTH);
        int at = VarInt.write(type, array, out.position());
        at = VarInt.write(length, array, at);
        out.advance(at - out.position());
        out.write(payload, 0, length);
    }

    /** Only once the connection has ended: these streams must not end before it. */
    private static void close(@Nullable StreamContext stream) {
        if (stream != null) {
            stream.close();
        }
    }
}
