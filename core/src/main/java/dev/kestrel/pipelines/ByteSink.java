package dev.kestrel.pipelines;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a {@link SinkPipeWriter} puts its bytes: a socket, as a rule. One thread writes at a time.
 */
public interface ByteSink {

    /**
     * Writes all bytes of a buffer, and waits until they are taken.
     *
     * @param source the bytes from its position to its limit; its position is moved
     * @throws IOException when the transport failed or was aborted
     */
    void write(ByteBuffer source) throws IOException;

    /**
     * Writes all bytes of several buffers in order, and waits until they are taken.
     *
     * @param sources the buffers; their positions are moved
     * @param count how many of the array are meant, from its start
     * @throws IOException when the transport failed or was aborted
     */
    void write(ByteBuffer[] sources, int count) throws IOException;

    /**
     * Writes all but the last of several buffers, and of the last as much as is taken at once, at
     * least one byte. Waits while nothing is taken, and never for more than {@link
     * PipeWriter#SOME}.
     *
     * @param sources the buffers; their positions are moved
     * @param count how many of the array are meant, from its start; the last of them is not empty
     * @throws IOException when the transport failed or was aborted
     */
    default void writeSome(ByteBuffer[] sources, int count) throws IOException {
        ByteBuffer last = sources[count - 1];
        int limit = last.limit();
        last.limit(last.position() + Math.min(last.remaining(), PipeWriter.SOME));
        try {
            write(sources, count);
        } finally {
            last.limit(limit);
        }
    }

    /**
     * Sends the end of the stream. Called once, when the writer was completed without an error.
     *
     * @throws IOException when the transport failed or was aborted
     */
    default void end() throws IOException {}
}
