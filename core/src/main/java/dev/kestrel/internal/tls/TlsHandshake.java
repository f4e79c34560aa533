package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.pipelines.PipeWriter;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** The handshake of one connection, on its thread: waits for the client, and for nothing else. */
final class TlsHandshake {

    /** A certificate of a client, cut into the smallest records, and no more. */
    private static final int MOST_RECORDS = 4096;

    private final SSLEngine engine;
    private final TlsRecordReader records;
    private final TlsSink sink;
    private final PipeWriter output;
    private final TlsBufferPool buffers;

    TlsHandshake(
            SSLEngine engine,
            TlsRecordReader records,
            TlsSink sink,
            PipeWriter output,
            TlsBufferPool buffers) {
        this.engine = engine;
        this.records = records;
        this.sink = sink;
        this.output = output;
        this.buffers = buffers;
    }

    /**
     * Runs it to its end.
     *
     * @throws SSLException when both could not agree; the engine may have an alert to send
     * @throws IOException when the transport ended
     */
    void run() throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        int read = 0;
        while (true) {
            switch (status) {
                case NEED_TASK -> {
                    runTasks();
                    status = engine.getHandshakeStatus();
                }
                case NEED_WRAP -> status = wrap();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    output.flush();
                    if (++read > MOST_RECORDS) {
                        throw new SSLHandshakeException("Too many records in a handshake");
                    }
                    status = unwrap();
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    output.flush();
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

    private HandshakeStatus wrap() throws IOException {
        SSLEngineResult result = sink.wrapHandshake();
        if (result.getStatus() == Status.CLOSED) {
            throw new SSLHandshakeException("The handshake was ended");
        }
        return engineStatus(result);
    }

    private HandshakeStatus unwrap() throws IOException {
        HandshakeStatus[] after = {HandshakeStatus.NEED_UNWRAP};
        boolean came =
                records.next(
                        record -> {
                            ByteBuffer room = buffers.rent();
                            try {
                                after[0] = unwrap(record, room);
                            } finally {
                                buffers.giveBack(room);
                            }
                        });
        if (!came) {
            throw new ConnectionResetException("The connection ended in the TLS handshake", null);
        }
        return after[0];
    }

    /** One record may hold several messages, of which some engines take one at a time. */
    private HandshakeStatus unwrap(ByteBuffer record, ByteBuffer room) throws SSLException {
        while (true) {
            int before = record.remaining();
            SSLEngineResult result = engine.unwrap(record, room);
            if (result.getStatus() == Status.CLOSED) {
                throw new SSLHandshakeException("The client has ended the handshake");
            }
            HandshakeStatus status = engineStatus(result);
            if (!record.hasRemaining()) {
                return status;
            }
            if (status == HandshakeStatus.NEED_TASK) {
                runTasks();
            } else if (record.remaining() == before) {
                throw new SSLHandshakeException("A record can not be read: " + result);
            }
        }
    }

    /** FINISHED is only said once, and may be followed by more to wrap: tickets. */
    private HandshakeStatus engineStatus(SSLEngineResult result) {
        HandshakeStatus status = result.getHandshakeStatus();
        return status == HandshakeStatus.FINISHED ? engine.getHandshakeStatus() : status;
    }
}
