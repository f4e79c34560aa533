package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.Signal;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.PipeWriter;

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

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final PipeWriter output;
    private final TlsBufferPool buffers;
    private final EndTimer endTimer;
    private final ByteBuffer[] one = new ByteBuffer[1];

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
        int at = 0;
        while (at < count) {
            if (!sources[at].hasRemaining()) {
                at++;
                continue;
            }
            SSLEngineResult result = wrap(sources, at, count - at);
            if (result.getStatus() == Status.CLOSED) {
                throw new ConnectionAbortedException("TLS was closed on this side");
            }
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                throw new ConnectionAbortedException("The TLS engine does not go on: " + result);
            }
            if (output.unflushedBytes() >= FLUSH_AT) {
                output.flush();
            }
        }
        output.flush();
    }

    /** Has the engine say what it has to, without content of ours; nothing is flushed. */
    SSLEngineResult wrapHandshake() throws IOException {
        return wrap(NOTHING, 0, 1);
    }

    private SSLEngineResult wrap(ByteBuffer[] sources, int offset, int count) throws IOException {
        byte[] buffer = buffers.rent();
        byte[] used = buffer;
        try {
            ByteBuffer target = ByteBuffer.wrap(used);
            SSLEngineResult result = engine.wrap(sources, offset, count, target);
            while (result.getStatus() == Status.BUFFER_OVERFLOW) {
                // Some engines want more room than the largest record needs.
                int wanted = Math.max(2 * used.length, engine.getSession().getPacketBufferSize());
                if (used.length > 4 * TlsBufferPool.SIZE) {
                    throw new SSLException("The TLS engine wants more than " + used.length);
                }
                used = new byte[wanted];
                target = ByteBuffer.wrap(used);
                result = engine.wrap(sources, offset, count, target);
            }
            output.write(used, 0, target.position());
            return result;
        } finally {
            buffers.giveBack(buffer);
        }
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
