package dev.kestrel.internal.protocol;

import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PartPipeReader;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.pipelines.SourcePipeReader;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The body of one request: begins lazily, at the first read, and knows when it has ended. One
 * object serves all requests of its {@link HttpProtocol}. The original's type of the same name.
 */
public final class MessageBody {

    /** Is asked before the first byte is read: to check the limit, to send 100 Continue. */
    @FunctionalInterface
    interface Gate {
        void bodyStarting() throws IOException;
    }

    private final MemoryPool pool;
    private final Gate gate;
    private @Nullable BodySource source;
    private long contentLength;
    private boolean started;
    private boolean ended;
    private @Nullable IOException failure;
    private @Nullable PipeReader reader;
    private @Nullable InputStream stream;

    MessageBody(MemoryPool pool, Gate gate) {
        this.pool = pool;
        this.gate = gate;
    }

    /** Sets the body of the next request; {@code null} for none. */
    void begin(@Nullable BodySource bytes, long length) {
        source = bytes;
        contentLength = length;
        started = false;
        ended = bytes == null;
        failure = null;
    }

    /** Takes the body away from an application that kept it beyond its request. */
    void end() {
        if (reader != null) {
            reader.complete();
            reader = null;
        }
        stream = null;
        source = null;
        ended = true;
    }

    /** Whether there may be a body. */
    public boolean canHaveBody() {
        return source != null;
    }

    /** Whether reading has begun. */
    public boolean hasStarted() {
        return started;
    }

    /** Whether the last byte was read, or there is none. */
    public boolean hasEnded() {
        return ended;
    }

    /** What reading failed with, when it did. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Reads some bytes; -1 at the end. A failure is thrown again by every later read. */
    public int read(byte[] target, int offset, int count) throws IOException {
        BodySource from = source;
        if (failure != null) {
            throw failure;
        }
        if (ended || from == null) {
            return -1;
        }
        try {
            begin();
            int n = from.read(target, offset, count);
            ended = n < 0;
            return n;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void begin() throws IOException {
        if (!started) {
            started = true;
            gate.bodyStarting();
        }
    }

    private int available() throws IOException {
        return ended || source == null || failure != null ? 0 : source.available();
    }

    /** Reads to the end. */
    public byte[] readAll() throws IOException {
        if (contentLength >= 0 && contentLength <= 64 * 1024 && !started) {
            // The length is known and small: no growing. A length that is only promised gets no
            // memory in advance.
            byte[] all = new byte[(int) contentLength];
            int length = 0;
            while (length < all.length) {
                length += Math.max(0, read(all, length, all.length - length));
            }
            read(new byte[1], 0, 1);
            return all;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[16 * 1024];
        for (int n = read(piece, 0, piece.length); n >= 0; n = read(piece, 0, piece.length)) {
            all.write(piece, 0, n);
        }
        return all.toByteArray();
    }

    /** The body as a pipe. */
    PipeReader reader() {
        if (reader == null) {
            BodySource.InPlace bytes = source == null ? null : source.inPlace();
            reader = bytes == null ? new SourcePipeReader(pool, new Source()) : new Part(bytes);
        }
        return reader;
    }

    /** The body as a stream. */
    InputStream stream() {
        if (stream == null) {
            stream = new Stream();
        }
        return stream;
    }

    /** The body as a part of the connection's input. */
    private final class Part extends PartPipeReader {

        private final BodySource.InPlace bytes;

        Part(BodySource.InPlace bytes) {
            this.bytes = bytes;
        }

        @Override
        protected long left() {
            return bytes.left();
        }

        @Override
        protected @Nullable ReadResult readOther(boolean wait) throws IOException {
            IOException before = failure;
            if (before != null) {
                throw before;
            }
            if (!wait && !started) {
                // To begin may mean to ask the client for the body.
                return null;
            }
            try {
                begin();
                return bytes.show(wait);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        protected void advanceOther(long consumed, long examined) {
            bytes.advanceTo(consumed, examined);
            ended |= bytes.left() == 0;
        }
    }

    private final class Source implements ByteSource {
        @Override
        public int read(ByteBuffer target) throws IOException {
            int n =
                    MessageBody.this.read(
                            target.array(),
                            target.arrayOffset() + target.position(),
                            target.remaining());
            if (n > 0) {
                target.position(target.position() + n);
            }
            return n;
        }

        @Override
        public int available() throws IOException {
            return MessageBody.this.available();
        }

        @Override
        public void cancel() {
            // The reader's own flag is enough: the transport under the body has its own way to be
            // woken.
        }
    }

    /** Only of one request: kept beyond it, it must not read the body of another. */
    private final class Stream extends InputStream {
        private void checkCurrent() {
            if (stream != this) {
                throw new IllegalStateException("The request of this stream has ended");
            }
        }

        @Override
        public int read() throws IOException {
            checkCurrent();
            byte[] one = new byte[1];
            return MessageBody.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            checkCurrent();
            Objects.checkFromIndexSize(offset, count, target.length);
            return count == 0 ? 0 : MessageBody.this.read(target, offset, count);
        }

        @Override
        public int available() throws IOException {
            checkCurrent();
            return MessageBody.this.available();
        }
    }
}
