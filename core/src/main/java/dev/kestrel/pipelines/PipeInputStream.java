package dev.kestrel.pipelines;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** A {@link PipeReader} seen as an {@link InputStream}. */
final class PipeInputStream extends InputStream {

    private final PipeReader reader;
    private boolean closed;

    PipeInputStream(PipeReader reader) {
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkOpen();
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (true) {
            ReadResult result = reader.read();
            ByteSequence buffer = result.buffer();
            int count = (int) Math.min(length, buffer.length());
            if (count > 0) {
                buffer.copyTo(0, target, offset, count);
                reader.advanceTo(count);
                return count;
            }
            boolean completed = result.isCompleted();
            boolean canceled = result.isCanceled();
            reader.advanceTo(0);
            if (completed) {
                return -1;
            }
            if (canceled) {
                throw new IOException("The read was cancelled");
            }
        }
    }

    @Override
    public int available() throws IOException {
        checkOpen();
        ReadResult result = reader.tryRead();
        if (result == null) {
            return 0;
        }
        int count = (int) Math.min(Integer.MAX_VALUE, result.buffer().length());
        reader.advanceTo(0);
        return count;
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        checkOpen();
        long total = 0;
        while (true) {
            ReadResult result = reader.read();
            ByteSequence buffer = result.buffer();
            long count = buffer.length();
            boolean completed = result.isCompleted();
            boolean canceled = result.isCanceled();
            try {
                buffer.forEach(out::write);
            } finally {
                reader.advanceTo(count);
            }
            total += count;
            if (completed) {
                return total;
            }
            if (canceled) {
                throw new IOException("The read was cancelled");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        reader.complete();
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("The stream is closed");
        }
    }
}
