package dev.kestrel.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * The client's side of TLS over a connection in memory. One thread reads, one writes, once the
 * handshake is over.
 */
final class MemoryTls {

    private static final int ROOM = 32 * 1024;

    private final SSLEngine engine;
    private final MemoryStream toServer;
    private final MemoryStream toClient;
    private byte[] cipherText = new byte[ROOM];
    private int received;
    private final byte[] plain = new byte[ROOM];
    private int from;
    private int to;
    private boolean ended;

    MemoryTls(SSLEngine engine, MemoryStream toServer, MemoryStream toClient) {
        this.engine = engine;
        this.toServer = toServer;
        this.toClient = toClient;
    }

    SSLEngine engine() {
        return engine;
    }

    void handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap() && !receive(MemoryConnection.PATIENCE.toNanos())) {
                        throw new IOException("The server has ended the handshake");
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    void write(ByteBuffer source) throws IOException {
        do {
            wrap(source);
        } while (source.hasRemaining());
    }

    private SSLEngineResult wrap(ByteBuffer source) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(ROOM);
        SSLEngineResult result = engine.wrap(source, target);
        if (source.hasRemaining() && result.bytesProduced() == 0) {
            throw new IOException("TLS was ended on this side");
        }
        ByteBuffer[] one = {target.flip()};
        toServer.write(one, 1);
        return result;
    }

    /** Sends close_notify; reading goes on. */
    void finish() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            if (wrap(ByteBuffer.allocate(0)).bytesProduced() == 0) {
                return;
            }
        }
    }

    /** As the read of a connection. */
    int read(byte[] target, int offset, int count, long nanos) throws IOException {
        while (from == to) {
            if (ended) {
                return -1;
            }
            if (!unwrap() && !receive(nanos)) {
                // RFC 8446 section 6.1: each side says close_notify before it closes.
                throw new AssertionError("The server has ended the connection, but not TLS");
            }
        }
        int taken = Math.min(count, to - from);
        System.arraycopy(plain, from, target, offset, taken);
        from += taken;
        return taken;
    }

    /** What can be read without waiting. */
    int available() throws IOException {
        while (from == to && !ended && (unwrap() || (toClient.available() > 0 && receive(1)))) {
            // Records without content.
        }
        return to - from;
    }

    private boolean receive(long nanos) throws IOException {
        if (received == cipherText.length) {
            cipherText = Arrays.copyOf(cipherText, 2 * received);
        }
        int count =
                toClient.read(
                        ByteBuffer.wrap(cipherText, received, cipherText.length - received), nanos);
        if (count == -2) {
            throw new AssertionError(
                    "The server has neither answered nor ended the connection for "
                            + MemoryConnection.PATIENCE);
        }
        received += Math.max(0, count);
        return count >= 0;
    }

    /** Takes one record; false when there is no whole one. */
    private boolean unwrap() throws IOException {
        if (ended) {
            return false;
        }
        ByteBuffer source = ByteBuffer.wrap(cipherText, 0, received);
        from = 0;
        to = 0;
        SSLEngineResult result = engine.unwrap(source, ByteBuffer.wrap(plain));
        to = result.bytesProduced();
        System.arraycopy(cipherText, source.position(), cipherText, 0, source.remaining());
        received = source.remaining();
        ended = result.getStatus() == Status.CLOSED;
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        return result.getStatus() != Status.BUFFER_UNDERFLOW;
    }
}
