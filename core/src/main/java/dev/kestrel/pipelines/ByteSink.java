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
     * As {@link #write(ByteBuffer[], int)}, and tells how it goes on. A sink that takes all or
     * nothing takes {@link PipeWriter#SOME} bytes at a time.
     *
     * @param sources the buffers; their positions are moved
     * @param count how many of the array are meant, from its start
     * @param progress is told of each part that was taken
     * @throws IOException when the transport failed or was aborted
     */
    default void write(ByteBuffer[] sources, int count, PipeWriter.Progress progress)
            throws IOException {
        long all = 0;
        for (int i = 0; i < count; i++) {
            all += sources[i].remaining();
        }
        if (all <= PipeWriter.SOME) {
            write(sources, count);
            progress.taken(all);
            return;
        }
        for (int i = 0; i < count; i++) {
            ByteBuffer source = sources[i];
            int end = source.limit();
            while (source.position() < end) {
                int some = Math.min(end - source.position(), PipeWriter.SOME);
                source.limit(source.position() + some);
                write(source);
                source.limit(end);
                progress.taken(some);
            }
        }
    }

    /**
     * Sends the end of the stream. Called once, when the writer was completed without an error.
     *
     * @throws IOException when the transport failed or was aborted
     */
    default void end() throws IOException {}
}
