package dev.kestrel.pipelines;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a {@link SourcePipeReader} gets its bytes: a socket, as a rule. One thread reads at a time.
 */
public interface ByteSource {

    /**
     * Waits for bytes and puts as many as there are, at least one, into the buffer.
     *
     * @param target where they go; it has room for at least one
     * @return how many came, or -1 at the end of the stream
     * @throws IOException when the transport failed or was aborted
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * How many bytes could be read without waiting.
     *
     * @return a count, or -1 when the source can not tell
     * @throws IOException when the transport failed or was aborted
     */
    int available() throws IOException;

    /**
     * Wakes a pending {@link #read} and makes every later one report the end of the stream: it can
     * not be undone. May be called from any thread.
     */
    void cancel();
}
