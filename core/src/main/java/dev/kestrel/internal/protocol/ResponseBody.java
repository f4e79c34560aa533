package dev.kestrel.internal.protocol;

import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.FlushResult;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The body of a response as a pipe and as a stream: collects what is written, so that small bodies
 * go out in one piece with a known length, and hands it to the response at a flush.
 *
 * <p>This object serves all responses of its {@link HttpProtocol}; the pipe and the stream are
 * those of one request. Whoever keeps them gets an exception, and can not write into a later
 * response.
 */
final class ResponseBody implements ByteSink {

    private static final IOException DROPPED = new IOException("The response was dropped");

    private final ProtocolResponse response;
    private final MemoryPool pool;
    private final long flushAt;
    private @Nullable Collector collected;
    private @Nullable OutputStream stream;

    ResponseBody(ProtocolResponse response, HttpServices services) {
        this.response = response;
        this.pool = services.memoryPool();
        this.flushAt = services.responseBufferSize();
    }

    /** How many bytes were collected and not handed on. */
    long unflushedBytes() {
        return collected == null ? 0 : collected.unflushedBytes();
    }

    /** Hands on what was collected. */
    void flushPending() throws IOException {
        if (collected != null && collected.unflushedBytes() > 0) {
            collected.handOn();
        }
    }

    /** Drops what was collected. */
    void discard() {
        if (collected != null && collected.unflushedBytes() > 0) {
            collected.drop();
            collected = null;
        }
    }

    /** The request is over: takes pipe and stream away from the application. */
    void release() {
        if (collected != null) {
            collected.drop();
            collected = null;
        }
        stream = null;
    }

    PipeWriter writer() {
        return collected();
    }

    private Collector collected() {
        if (collected == null) {
            collected = new Collector();
        }
        return collected;
    }

    /** What is written behind the end would be lost without a word. */
    private Collector open() {
        response.checkNotCompleted();
        return collected();
    }

    OutputStream stream() {
        if (stream == null) {
            stream = new Stream();
        }
        return stream;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        response.write(
                source.array(), source.arrayOffset() + source.position(), source.remaining());
        source.position(source.limit());
    }

    @Override
    public void write(ByteBuffer[] sources, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            write(sources[i]);
        }
    }

    /**
     * The writer's flush sends what was written; its completion completes the response, and its
     * completion with an error fails it.
     */
    private final class Collector extends SinkPipeWriter {

        Collector() {
            super(pool, ResponseBody.this);
        }

        void handOn() throws IOException {
            super.flush();
        }

        void drop() {
            super.complete(DROPPED);
        }

        @Override
        public FlushResult flush() throws IOException {
            super.flush();
            response.flushOutput();
            return FlushResult.CONTINUE;
        }

        @Override
        public FlushResult writeAndFlush(byte[] source, int offset, int count) throws IOException {
            super.flush();
            response.write(source, offset, count);
            response.flushOutput();
            return FlushResult.CONTINUE;
        }

        @Override
        public FlushResult flush(Progress progress) throws IOException {
            long count = unflushedBytes();
            flush();
            if (count > 0) {
                progress.taken(count);
            }
            return FlushResult.CONTINUE;
        }

        @Override
        public FlushResult writeAndFlush(ByteBuffer source, Progress progress) throws IOException {
            int end = source.limit();
            do {
                source.limit(source.position() + Math.min(SOME, end - source.position()));
                write(source);
                source.limit(end);
                flush(progress);
            } while (source.hasRemaining());
            return FlushResult.CONTINUE;
        }

        @Override
        public void complete(@Nullable Throwable error) {
            if (collected != this) {
                return;
            }
            if (error != null) {
                drop();
                collected = null;
                response.failed(error);
            } else {
                try {
                    response.complete();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** The stream's flush sends; its close completes the response. */
    private final class Stream extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            checkCurrent();
            Collector to = open();
            to.write(value);
            flushWhenFull(to);
        }

        @Override
        public void write(byte[] source, int offset, int count) throws IOException {
            checkCurrent();
            Collector to = open();
            if (count >= flushAt) {
                to.writeAndFlush(source, offset, count);
            } else {
                to.write(source, offset, count);
                flushWhenFull(to);
            }
        }

        @Override
        public void flush() throws IOException {
            checkCurrent();
            response.flush();
        }

        @Override
        public void close() throws IOException {
            if (stream == this) {
                response.complete();
            }
        }

        private void checkCurrent() {
            if (stream != this) {
                throw new IllegalStateException("The request of this stream has ended");
            }
        }

        private void flushWhenFull(Collector to) throws IOException {
            if (to.unflushedBytes() >= flushAt) {
                to.flush();
            }
        }
    }
}
