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
     * Waits until there is something to read, as far as that needs no memory. May return before
     * that.
     *
     * @return false when there is nothing, and only {@link #read} can wait for it
     * @throws IOException when the transport failed or was aborted
     */
    default boolean awaitInput() throws IOException {
        return available() != 0;
    }

    /**
     * How many buffers {@link #readNow} has a use for: it is given no more.
     *
     * @return a count, at least one
     */
    default int widestRead() {
        return 1;
    }

    /**
     * Puts what is there into several buffers, one after the other. Called after {@link
     * #awaitInput} said that there may be something; a source that can not tell may wait.
     *
     * @param targets where the bytes go; the first has room for at least one
     * @param count how many of the array are meant, from its start
     * @return how many came, 0 when there are none now, or -1 at the end of the stream
     * @throws IOException when the transport failed or was aborted
     */
    default int readNow(ByteBuffer[] targets, int count) throws IOException {
        return read(targets[0]);
    }

    /**
     * Wakes a pending {@link #read} and makes every later one report the end of the stream: it can
     * not be undone. May be called from any thread.
     */
    void cancel();
}
