package dev.kestrel.internal.http1;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.HttpOutputProducer;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Responses in the bytes of HTTP/1.1. Answers collect in the transport's writer until the
 * connection waits for its client or 64 KiB are there, so that pipelined requests are answered with
 * one flush.
 *
 * <p>Used by the connection's thread. Only while an application runs with earlier answers still
 * waiting does the output become {@linkplain #share shared}: {@link #flushLate} may then send them
 * from another thread, under a lock.
 */
final class Http1OutputProducer implements HttpOutputProducer, PipeWriter.Progress {

    private static final int COPY_UP_TO = 16 * 1024;

    private final PipeWriter writer;
    private final TimeoutControl timeouts;
    private final Http1HeadWriter heads;
    private final long flushAt;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean shared;
    private @Nullable MinDataRate rate;
    private boolean chunked;

    /** Of what is being written: for what the client was given no time yet. */
    private int untimed;

    Http1OutputProducer(
            PipeWriter writer,
            TimeoutControl timeouts,
            HttpServices services,
            Http1ResponseRules rules,
            @Nullable AlternativeServiceFeature alternativeService) {
        this.writer = writer;
        this.timeouts = timeouts;
        this.flushAt = services.responseBufferSize();
        this.heads =
                new Http1HeadWriter(
                        writer,
                        rules,
                        services.date(),
                        services.options().addServerHeader(),
                        services.options().responseHeaderEncodingSelector(),
                        alternativeService);
    }

    /** Sets how fast the client must take what follows. */
    void rate(@Nullable MinDataRate value) {
        rate = value;
    }

    /**
     * An application is about to run: lets earlier answers be sent from another thread should it
     * take long.
     */
    void share() {
        if (writer.unflushedBytes() > 0) {
            shared = true;
        }
    }

    /** The application is done. */
    void unshare() {
        if (shared) {
            lock.lock();
            try {
                shared = false;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether earlier answers wait while an application runs. From any thread. */
    boolean isShared() {
        return shared;
    }

    /**
     * Sends earlier answers that wait while an application runs. From any thread but the
     * connection's.
     */
    void flushLate() throws IOException {
        // Whoever holds the lock is writing: threads must not queue up behind a client that reads
        // nothing.
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (shared) {
                flushNow();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void writeInformational(int status, @Nullable HttpHeaders fields) throws IOException {
        begin();
        try {
            heads.writeInformational(status, fields);
            flushNow();
        } finally {
            end();
        }
    }

    /** Answers a request that never got to the application. */
    void refuse(int status, String allow) throws IOException {
        heads.writeRefusal(status, allow);
        flushNow();
    }

    /**
     * Writes the answer after which the connection is no longer HTTP. The transport's writer is the
     * application's from now on, so no other thread may flush it any more.
     */
    void switchProtocol(int status, HttpHeaders fields) throws IOException {
        begin();
        try {
            heads.writeSwitch(status, fields);
            flushNow();
            shared = false;
        } finally {
            end();
        }
    }

    /** Writes bytes as they are. */
    void writeRaw(byte[] bytes) {
        writer.write(bytes);
    }

    @Override
    public void writeHead(ProtocolResponse response, long length) throws IOException {
        begin();
        try {
            chunked = heads.write(response);
        } finally {
            end();
        }
    }

    @Override
    public void writeBody(byte[] source, int offset, int count) throws IOException {
        begin();
        try {
            if (chunked) {
                writeChunkSize(count);
            }
            if (count <= COPY_UP_TO) {
                writer.write(source, offset, count);
            } else {
                flushInParts(source, offset, count);
            }
            if (chunked) {
                writer.write('\r');
                writer.write('\n');
            }
            if (writer.unflushedBytes() >= flushAt) {
                flushNow();
            }
        } finally {
            end();
        }
    }

    /**
     * What the client takes at once goes at once. The time that it has is never more than for
     * {@link PipeWriter#SOME}, or one large write would give it hours in which to read nothing.
     */
    private void flushInParts(byte[] source, int offset, int count) throws IOException {
        int timed = Math.min(count, PipeWriter.SOME);
        untimed = count - timed;
        MinDataRate minimum = startTiming(writer.unflushedBytes() + timed);
        FlushResult result;
        try {
            result = writer.writeAndFlush(ByteBuffer.wrap(source, offset, count), this);
        } finally {
            stopTiming(minimum);
        }
        if (result == FlushResult.COMPLETED) {
            throw new ConnectionResetException("The client no longer reads", null);
        }
    }

    /** What was taken gives the time for as much again. */
    @Override
    public void taken(long count) {
        MinDataRate minimum = rate;
        long more = Math.min(Math.min(count, PipeWriter.SOME), untimed);
        if (minimum != null && more > 0) {
            untimed -= (int) more;
            stopTiming(minimum);
            startTiming(more);
        }
    }

    private void writeChunkSize(int count) {
        byte[] array = writer.reserve(10);
        int at = writer.position();
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(count)) / 4);
        for (int i = digits - 1; i >= 0; i--) {
            array[at++] = (byte) Character.forDigit(count >>> (4 * i) & 0xf, 16);
        }
        array[at] = '\r';
        array[at + 1] = '\n';
        writer.advance(digits + 2);
    }

    @Override
    public void completeBody(@Nullable HttpHeaders trailers) throws IOException {
        if (!chunked) {
            return;
        }
        chunked = false;
        begin();
        try {
            writer.writeLatin1("0\r\n");
            if (trailers != null) {
                heads.writeFields(trailers);
            }
            writer.writeLatin1("\r\n");
        } finally {
            end();
        }
    }

    @Override
    public void flush() throws IOException {
        begin();
        try {
            flushNow();
        } finally {
            end();
        }
    }

    private void flushNow() throws IOException {
        long count = writer.unflushedBytes();
        if (count == 0) {
            return;
        }
        MinDataRate minimum = startTiming(count);
        try {
            if (writer.flush() == FlushResult.COMPLETED) {
                throw new ConnectionResetException("The client no longer reads", null);
            }
        } finally {
            stopTiming(minimum);
        }
    }

    private @Nullable MinDataRate startTiming(long count) {
        MinDataRate minimum = rate;
        if (minimum != null) {
            timeouts.bytesWritten(minimum, count);
            timeouts.startTimingWrite();
        }
        return minimum;
    }

    private void stopTiming(@Nullable MinDataRate minimum) {
        if (minimum != null) {
            timeouts.stopTimingWrite();
        }
    }

    private void begin() {
        if (shared) {
            lock.lock();
        }
    }

    private void end() {
        if (lock.isHeldByCurrentThread()) {
            lock.unlock();
        }
    }
}
