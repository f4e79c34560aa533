package dev.kestrel.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client and a server on one thread, which counts the CPU time of the server alone. */
final class TlsConversation {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int RECORD = 16 * 1024;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer room = ByteBuffer.allocate(32 * 1024);
    private final ByteBuffer content = ByteBuffer.allocate(RECORD);

    /** What the server has used, in nanoseconds. */
    long serverTime;

    /** What came over, without handshakes. */
    long bytes;

    TlsConversation(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    TlsConversation shakeHands() throws SSLException {
        client.beginHandshake();
        long start = THREADS.getCurrentThreadCpuTime();
        server.beginHandshake();
        serverTime += THREADS.getCurrentThreadCpuTime() - start;
        while (isOpen(client) || isOpen(server) || toClient.position() > 0) {
            step(client, toClient, toServer);
            start = THREADS.getCurrentThreadCpuTime();
            step(server, toServer, toClient);
            serverTime += THREADS.getCurrentThreadCpuTime() - start;
        }
        return this;
    }

    private static boolean isOpen(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
            }
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            default -> {
                in.flip();
                engine.unwrap(in, room.clear());
                in.compact();
            }
        }
    }

    /** Sends full records from the server. */
    void download(int records) throws SSLException {
        for (int i = 0; i < records; i++) {
            content.clear();
            toClient.clear();
            long start = THREADS.getCurrentThreadCpuTime();
            SSLEngineResult result = server.wrap(content, toClient);
            serverTime += THREADS.getCurrentThreadCpuTime() - start;
            toClient.flip();
            int read = 0;
            while (read == 0 && toClient.hasRemaining()) {
                // Tickets may come first.
                read = client.unwrap(toClient, room.clear()).bytesProduced();
            }
            require(read, result.bytesConsumed());
        }
    }

    /** Sends full records to the server. */
    void upload(int records) throws SSLException {
        for (int i = 0; i < records; i++) {
            content.clear();
            toServer.clear();
            int sent = client.wrap(content, toServer).bytesConsumed();
            toServer.flip();
            long start = THREADS.getCurrentThreadCpuTime();
            SSLEngineResult result = server.unwrap(toServer, room.clear());
            serverTime += THREADS.getCurrentThreadCpuTime() - start;
            require(result.bytesProduced(), sent);
        }
    }

    /** An engine may leave a few bytes of what it is given to the next record. */
    private void require(int read, int sent) {
        if (read != sent || sent < RECORD / 2) {
            throw new IllegalStateException(sent + " bytes were sent, and " + read + " read");
        }
        bytes += sent;
    }
}
