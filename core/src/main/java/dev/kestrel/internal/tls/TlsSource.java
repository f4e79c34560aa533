package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.PipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
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

    /** So many blocks are filled at once at most. */
    private static final int WIDEST = 8;

    /** A record is longer than its content by that at least, in all suites that are in use. */
    private static final int LEAST_OVERHEAD = 5 + 16;

    /**
     * What is shorter may be close_notify. That is left until somebody wants more than there is:
     * with it some engines end both directions, and nothing could be answered any more.
     */
    private static final int SURELY_CONTENT = 256;

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final PipeReader input;
    private final TlsRecordReader records;
    private final TlsBufferPool buffers;
    private final ByteBuffer[] one = {NOTHING[0]};
    private final ByteBuffer[] withSpare = new ByteBuffer[WIDEST + 2];

    // Empty but during a read.
    private ByteBuffer[] targets = NOTHING;
    private int targetCount;

    // What was decrypted and did not fit into the target.
    private @Nullable ByteBuffer plain;

    /** Held by whoever reads: the connection, or the thread that reads ahead of it. */
    private final ReentrantLock reading = new ReentrantLock();

    private boolean released;

    /** Why nothing more can be read, once all before it was. */
    private @Nullable SSLException failure;

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
        one[0] = buffer;
        return readNow(one, 1);
    }

    @Override
    public int widestRead() {
        return WIDEST;
    }

    /** Waits where the transport does, which needs less memory for it. */
    @Override
    public boolean awaitInput() throws IOException {
        reading.lock();
        try {
            if (!released && plain == null && failure == null && !closeNotified) {
                records.awaitRecord();
            }
            return true;
        } catch (SSLException e) {
            failure = e;
            return true;
        } finally {
            reading.unlock();
        }
    }

    @Override
    public int readNow(ByteBuffer[] buffers, int count) throws IOException {
        reading.lock();
        try {
            if (released) {
                return -1;
            }
            targets = buffers;
            targetCount = count;
            return decrypt();
        } catch (SSLException e) {
            throw broken(e);
        } finally {
            targets = NOTHING;
            targetCount = 0;
            one[0] = NOTHING[0];
            reading.unlock();
        }
    }

    /** For what is above, a client that breaks TLS is a client that has gone. */
    private static ConnectionResetException broken(SSLException e) {
        return new ConnectionResetException("TLS failed: " + e.getMessage(), e);
    }

    /** Waits for content, and takes what is behind it as well as far as it is there and fits. */
    private int decrypt() throws IOException {
        if (plain != null) {
            return takePlain(targets[0]);
        }
        int room = room();
        if (failure == null) {
            try {
                decryptRecords(room);
            } catch (SSLException e) {
                // What came before it is good.
                failure = e;
            }
        }
        int count = room - room();
        if (count > 0) {
            return count;
        }
        SSLException broken = failure;
        if (broken != null) {
            throw broken;
        }
        if (closeNotified) {
            records.release();
        }
        return -1;
    }

    private void decryptRecords(int room) throws IOException {
        int left = room;
        while (!closeNotified && plain == null && (left == room || nextFits(left))) {
            if (!records.next(this)) {
                if (records.wasCanceled()) {
                    return;
                }
                // RFC 8446 section 6.1: without close_notify it may have been cut by anybody.
                throw new ConnectionResetException(
                        records.wasCut()
                                ? "The connection ended inside a TLS record"
                                : "The connection ended without the end of TLS",
                        null);
            }
            left = room();
        }
    }

    private boolean nextFits(int room) throws IOException {
        int length = records.lengthOfNext();
        return length >= SURELY_CONTENT && length - LEAST_OVERHEAD <= room;
    }

    private int room() {
        int room = 0;
        for (int i = 0; i < targetCount; i++) {
            room += targets[i].remaining();
        }
        return room;
    }

    @Override
    public void accept(ByteBuffer record) throws IOException {
        int length = record.remaining();
        if (unanswered > 0 && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            unanswered = 0;
        }
        SSLEngineResult result =
                room() >= length
                        ? engine.unwrap(record, targets, 0, targetCount)
                        : unwrapWithSpare(record);
        int produced = result.bytesProduced();
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

    /** What does not fit into the targets goes behind them, and is kept when there is some. */
    private SSLEngineResult unwrapWithSpare(ByteBuffer record) throws SSLException {
        ByteBuffer spare = buffers.rent();
        SSLEngineResult result;
        try {
            System.arraycopy(targets, 0, withSpare, 0, targetCount);
            withSpare[targetCount] = spare;
            result = engine.unwrap(record, withSpare, 0, targetCount + 1);
        } finally {
            Arrays.fill(withSpare, NOTHING[0]);
            if (spare.position() > 0) {
                plain = spare.flip();
            } else {
                buffers.giveBack(spare);
            }
        }
        return result;
    }

    private int takePlain(ByteBuffer buffer) {
        ByteBuffer source = plain;
        if (source == null) {
            return 0;
        }
        int count = Math.min(buffer.remaining(), source.remaining());
        int end = source.limit();
        buffer.put(source.limit(source.position() + count));
        source.limit(end);
        if (!source.hasRemaining()) {
            plain = null;
            buffers.giveBack(source);
        }
        return count;
    }

    /** More is likely to come at once when some is here already. */
    @Override
    public int available() {
        ByteBuffer waiting = plain;
        return waiting != null ? waiting.remaining() : failure != null || records.hasMore() ? 1 : 0;
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
            ByteBuffer left = plain;
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
