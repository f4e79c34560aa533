package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.Signal;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.PipeWriter.Progress;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** What is sent to the client, encrypted. One thread writes at a time. */
final class TlsSink implements ByteSink {

    /** When so much waits, it goes out before more is encrypted. */
    private static final int FLUSH_AT = 64 * 1024;

    /** More than that makes several records (RFC 8446 section 5.1). */
    private static final int LARGEST_CONTENT = 16 * 1024;

    private static final ByteBuffer NO_BATCH = ByteBuffer.allocate(0);
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final PipeWriter output;
    private final TlsBufferPool buffers;
    private final EndTimer endTimer;
    private final ByteBuffer[] one = new ByteBuffer[1];

    /** The records that are being made, between two flushes. */
    private ByteBuffer batch = NO_BATCH;

    /** Limits how long a client may take for the end of TLS. */
    @FunctionalInterface
    interface EndTimer {
        /** Starts the time; closing it ends the time. On the connection's thread. */
        Signal.Registration start();
    }

    TlsSink(SSLEngine engine, PipeWriter output, TlsBufferPool buffers, EndTimer endTimer) {
        this.endTimer = endTimer;
        this.engine = engine;
        this.output = output;
        this.buffers = buffers;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        one[0] = source;
        try {
            write(one, 1);
        } finally {
            one[0] = NOTHING[0];
        }
    }

    @Override
    public void write(ByteBuffer[] sources, int count) throws IOException {
        write(sources, count, Progress.IGNORED);
    }

    /** Progress is counted in bytes of records. */
    @Override
    public void write(ByteBuffer[] sources, int count, Progress progress) throws IOException {
        batch = rent(sources, count);
        try {
            int at = 0;
            while (at < count) {
                if (!sources[at].hasRemaining()) {
                    at++;
                    continue;
                }
                SSLEngineResult result = wrap(sources, at, count - at, progress);
                if (result.getStatus() == Status.CLOSED) {
                    // With what the engine has said last: close_notify, or an alert.
                    output.write(batch.flip());
                    batch.clear();
                    throw new ConnectionAbortedException("TLS was closed on this side");
                }
                if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                    throw new ConnectionAbortedException(
                            "The TLS engine does not go on: " + result);
                }
            }
            send(progress);
        } finally {
            giveBack();
        }
    }

    /** Has the engine say what it has to, without content of ours; nothing is flushed. */
    SSLEngineResult wrapHandshake() throws IOException {
        batch = buffers.rent();
        try {
            SSLEngineResult result = wrap(NOTHING, 0, 1, Progress.IGNORED);
            output.write(batch.flip());
            return result;
        } finally {
            giveBack();
        }
    }

    private ByteBuffer rent(ByteBuffer[] sources, int count) {
        long content = 0;
        for (int i = 0; i < count; i++) {
            content += sources[i].remaining();
        }
        ByteBuffer large = content > LARGEST_CONTENT ? buffers.tryRentLarge() : null;
        return large != null ? large : buffers.rent();
    }

    private void giveBack() {
        ByteBuffer used = batch;
        batch = NO_BATCH;
        buffers.giveBack(used);
    }

    /** Makes a record behind those that are in the batch; sends them when there is no room. */
    private SSLEngineResult wrap(ByteBuffer[] sources, int offset, int count, Progress progress)
            throws IOException {
        SSLEngineResult result = engine.wrap(sources, offset, count, batch);
        while (result.getStatus() == Status.BUFFER_OVERFLOW) {
            if (batch.position() > 0) {
                sendFull(progress);
            } else {
                growBatch();
            }
            result = engine.wrap(sources, offset, count, batch);
        }
        return result;
    }

    private void send(Progress progress) throws IOException {
        if (batch.position() > 0) {
            output.writeAndFlush(batch.flip(), progress);
            batch.clear();
        } else {
            output.flush(progress);
        }
    }

    /** Without a large buffer records are collected in blocks. */
    private void sendFull(Progress progress) throws IOException {
        if (batch.capacity() >= TlsBufferPool.LARGE) {
            send(progress);
            return;
        }
        output.write(batch.flip());
        batch.clear();
        if (output.unflushedBytes() >= FLUSH_AT) {
            output.flush(progress);
        }
    }

    /** Some engines want more room than the largest record needs. */
    private void growBatch() throws SSLException {
        int size = batch.capacity();
        if (size > 4 * TlsBufferPool.SIZE) {
            throw new SSLException("The TLS engine wants more than " + size);
        }
        giveBack();
        batch = buffers.allocate(Math.max(2 * size, engine.getSession().getPacketBufferSize()));
    }

    /** Says close_notify (RFC 8446 section 6.1), and ends the transport's side. */
    @Override
    public void end() throws IOException {
        closeNotify();
        output.complete();
    }

    /** Says close_notify, or the alert that the engine has for its client, and sends it. */
    void closeNotify() throws IOException {
        // A client that does not read must not hold the connection: no other clock runs any more.
        Signal.Registration time = endTimer.start();
        try {
            sendCloseNotify();
        } finally {
            time.close();
        }
    }

    private void sendCloseNotify() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            SSLEngineResult result = wrapHandshake();
            if (result.bytesProduced() == 0
                    || result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                break;
            }
        }
        output.flush();
    }
}
