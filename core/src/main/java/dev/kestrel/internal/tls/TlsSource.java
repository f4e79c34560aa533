package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.PipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;

/**
 * What the client sends, decrypted. One thread reads at a time; it never writes, so what the engine
 * has to answer meanwhile (a KeyUpdate, RFC 8446 section 4.6.3) goes out with what is written next.
 */
final class TlsSource implements ByteSource, TlsRecordReader.RecordAction {

    /** So many records may come that bring nothing, and one more for each of so many bytes. */
    private static final int EMPTY_RECORDS = 64;

    private static final int BYTES_FOR_RECORD = 16 * 1024;

    /** KeyUpdate is the shortest message (RFC 8446 section 4.6.3). */
    private static final int SHORTEST_MESSAGE = 5;

    /** A record of TLS 1.3 that holds one takes 27 bytes; the JDK's clients pad it to 43. */
    private static final int SHORTEST_RECORD = 48;

    /** So many updates of keys may wait for something to be written: each holds a cipher. */
    private static final int UNANSWERED = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final PipeReader input;
    private final TlsRecordReader records;
    private final TlsBufferPool buffers;
    private ByteBuffer target = NOTHING;

    // What was decrypted and did not fit into the target.
    private byte @Nullable [] plain;
    private int from;
    private int to;

    /** Held by whoever reads: the connection, or the thread that reads ahead of it. */
    private final ReentrantLock reading = new ReentrantLock();

    private boolean released;
    private boolean closeNotified;
    private int emptyRecords = EMPTY_RECORDS;
    private long earned;
    private int unanswered;

    TlsSource(SSLEngine engine, PipeReader input, TlsRecordReader records, TlsBufferPool buffers) {
        this.engine = engine;
        this.input = input;
        this.records = records;
        this.buffers = buffers;
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        reading.lock();
        try {
            return released ? -1 : decrypt(buffer);
        } catch (SSLException e) {
            // For what is above, a client that breaks TLS is a client that has gone.
            throw new ConnectionResetException("TLS failed: " + e.getMessage(), e);
        } finally {
            target = NOTHING;
            reading.unlock();
        }
    }

    private int decrypt(ByteBuffer buffer) throws IOException {
        if (plain != null) {
            return takePlain(buffer);
        }
        int before = buffer.position();
        target = buffer;
        while (!closeNotified) {
            if (!records.next(this)) {
                if (records.wasCanceled()) {
                    return -1;
                }
                // RFC 8446 section 6.1: without close_notify it may have been cut by anybody.
                throw new ConnectionResetException(
                        records.wasCut()
                                ? "The connection ended inside a TLS record"
                                : "The connection ended without the end of TLS",
                        null);
            }
            if (buffer.position() > before) {
                return buffer.position() - before;
            }
            if (plain != null) {
                return takePlain(buffer);
            }
        }
        records.release();
        return -1;
    }

    @Override
    public void accept(ByteBuffer record) throws IOException {
        int length = record.remaining();
        if (unanswered > 0 && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            unanswered = 0;
        }
        SSLEngineResult result = engine.unwrap(record, target);
        int produced = result.bytesProduced();
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            byte[] large = buffers.rent();
            try {
                result = engine.unwrap(record, ByteBuffer.wrap(large));
                produced = result.bytesProduced();
            } finally {
                if (produced > 0) {
                    plain = large;
                    from = 0;
                    to = produced;
                } else {
                    buffers.giveBack(large);
                }
            }
        }
        switch (result.getStatus()) {
            case OK -> {}
            case CLOSED -> closeNotified = true;
            case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
                    throw new SSLProtocolException(
                            "A record of " + record.limit() + " bytes can not be read");
        }
        if (produced > 0) {
            earned += produced;
        } else if (!closeNotified) {
            requireHandshakeIsOver(result.getHandshakeStatus());
            int messages = mostMessages(length);
            spendEmptyRecords(messages);
            limitUnanswered(result.getHandshakeStatus(), messages);
        }
    }

    /**
     * A record may hold thousands of updates of keys: nothing stops a client from that, though keys
     * must not change within a record (RFC 8446 section 5.1).
     */
    private int mostMessages(int length) {
        return length <= SHORTEST_RECORD || !isTls13()
                ? 1
                : 1 + (length - SHORTEST_RECORD) / SHORTEST_MESSAGE;
    }

    private boolean isTls13() {
        return engine.getSession().getProtocol().equals(TlsVersion.TLS_1_3.protocol());
    }

    /** Content does not pay for what waits while nothing is written, as during a long upload. */
    private void limitUnanswered(HandshakeStatus status, int messages) throws SSLException {
        if (status == HandshakeStatus.NEED_WRAP) {
            unanswered += messages;
            if (unanswered > UNANSWERED) {
                throw new SSLProtocolException("Too many updates of keys wait for their answer");
            }
        }
    }

    /**
     * Renegotiation is refused: HTTP/2 forbids it (RFC 9113 section 9.2.1), and otherwise it lets
     * clients have keys made for little work of their own. TLS 1.3 has none.
     */
    private void requireHandshakeIsOver(HandshakeStatus status) throws SSLException {
        boolean begins =
                status == HandshakeStatus.NEED_TASK
                        || (status == HandshakeStatus.NEED_WRAP
                                && !engine.isInboundDone()
                                && !isTls13());
        if (begins) {
            throw new SSLProtocolException("The client wants to negotiate anew");
        }
    }

    /** Alerts, empty records and updates of keys cost and bring nothing. */
    private void spendEmptyRecords(int count) throws SSLException {
        if (earned >= BYTES_FOR_RECORD) {
            emptyRecords = (int) Math.min(EMPTY_RECORDS, emptyRecords + earned / BYTES_FOR_RECORD);
            earned = 0;
        }
        emptyRecords -= count;
        if (emptyRecords < 0) {
            throw new SSLProtocolException("Too many TLS records that bring nothing");
        }
    }

    private int takePlain(ByteBuffer buffer) {
        byte[] source = plain;
        if (source == null) {
            return 0;
        }
        int count = Math.min(buffer.remaining(), to - from);
        buffer.put(source, from, count);
        from += count;
        if (from == to) {
            plain = null;
            buffers.giveBack(source);
        }
        return count;
    }

    /** More is likely to come at once when some is here already. */
    @Override
    public int available() {
        return plain != null ? to - from : records.hasMore() ? 1 : 0;
    }

    @Override
    public void cancel() {
        input.cancelPendingRead();
    }

    /**
     * Gives back what is held. Nobody reads any more, but for the thread that reads ahead: that is
     * woken and waited for.
     */
    void release() {
        if (!reading.tryLock()) {
            input.cancelPendingRead();
            reading.lock();
        }
        try {
            released = true;
            byte[] left = plain;
            plain = null;
            if (left != null) {
                buffers.giveBack(left);
            }
            records.release();
        } finally {
            reading.unlock();
        }
    }
}
