package dev.kestrel.pipelines;

import java.io.IOException;
import java.io.OutputStream;

/** A {@link PipeWriter} seen as an {@link OutputStream}. */
final class PipeOutputStream extends OutputStream {

    private static final int FLUSH_AT = 64 * 1024;

    private final PipeWriter writer;
    private boolean closed;

    PipeOutputStream(PipeWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int value) throws IOException {
        checkOpen();
        writer.write(value);
        flushWhenFull();
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        checkOpen();
        if (length >= FLUSH_AT) {
            check(writer.writeAndFlush(source, offset, length));
        } else {
            writer.write(source, offset, length);
            flushWhenFull();
        }
    }

    @Override
    public void flush() throws IOException {
        checkOpen();
        check(writer.flush());
    }

    @Override
    public void close() {
        closed = true;
        writer.complete();
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("The stream is closed");
        }
    }

    private void flushWhenFull() throws IOException {
        if (writer.unflushedBytes() >= FLUSH_AT) {
            check(writer.flush());
        }
    }

    private static void check(FlushResult result) throws IOException {
        if (result == FlushResult.COMPLETED) {
            throw new IOException("The reader of this stream is gone");
        }
        if (result == FlushResult.CANCELED) {
            throw new IOException("The flush was cancelled");
        }
    }
}
