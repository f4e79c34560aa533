package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/** Reads numbers and frames that a server has sent on one stream. */
final class Http3StreamReader {

    private final MemoryMultiplexedStream stream;
    private byte[] bytes = new byte[4096];
    private int from;
    private int to;
    private boolean ended;

    Http3StreamReader(MemoryMultiplexedStream stream) {
        this.stream = stream;
    }

    MemoryMultiplexedStream stream() {
        return stream;
    }

    /** Whether a byte is there, which is waited for; false at the end of the stream. */
    boolean hasMore() throws IOException {
        return fill(1);
    }

    private boolean fill(int count) throws IOException {
        while (to - from < count && !ended) {
            if (bytes.length - from < count) {
                byte[] target = new byte[Math.max(bytes.length, count)];
                System.arraycopy(bytes, from, target, 0, to - from);
                bytes = target;
                to -= from;
                from = 0;
            }
            int read = stream.read(bytes, to, bytes.length - to);
            if (read < 0) {
                ended = true;
            } else {
                to += read;
            }
        }
        return to - from >= count;
    }

    /** A number of variable length. */
    long varInt() throws IOException {
        require(fill(1));
        int length = 1 << ((bytes[from] & 0xff) >>> 6);
        require(fill(length));
        long value = bytes[from] & 0x3f;
        for (int i = 1; i < length; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        from += length;
        return value;
    }

    /** The next frame, not decoded; {@code null} at the end (FIN). */
    @Nullable Http3ReceivedFrame frame() throws IOException {
        if (!hasMore()) {
            return null;
        }
        long type = varInt();
        int length = Math.toIntExact(varInt());
        require(fill(length));
        byte[] payload = new byte[length];
        System.arraycopy(bytes, from, payload, 0, length);
        from += length;
        return new Http3ReceivedFrame(stream.streamId(), type, payload, List.of());
    }

    /** What has come, up to some bytes, waited for; empty at the end. */
    byte[] some() throws IOException {
        if (!hasMore()) {
            return new byte[0];
        }
        byte[] all = new byte[to - from];
        System.arraycopy(bytes, from, all, 0, all.length);
        from = to;
        return all;
    }

    /** Whether something waits to be read, or the end was reached. */
    boolean hasNews() {
        return to > from || stream.available() > 0 || stream.isEndedByServer();
    }

    private void require(boolean complete) {
        if (!complete) {
            throw new AssertionError("The server has ended " + stream + " in a frame");
        }
    }
}
