package dev.kestrel.pipelines;

import java.io.IOException;
import java.io.OutputStream;

/** A {@link PipeWriter} seen as an {@link OutputStream}. */
final class PipeOutputStream extends OutputStream {

    private static final int FLUSH_AT = 64 * 1024;

    private final PipeWriter writer;

    PipeOutputStream(PipeWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int value) throws IOException {
        writer.write(value);
        flushWhenFull();
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (length >= FLUSH_AT) {
            check(writer.writeAndFlush(source, offset, length));
        } else {
            writer.write(source, offset, length);
            flushWhenFull();
        }
    }

    @Override
    public void flush() throws IOException {
        check(writer.flush());
    }

    @Override
    public void close() {
        writer.complete();
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
