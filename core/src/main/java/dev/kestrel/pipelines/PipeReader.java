package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/**
 * The end of a pipe from which bytes are read. One thread reads at a time; any may call {@link
 * #cancelPendingRead()}.
 *
 * <pre>{@code
 * while (true) {
 *     ReadResult result = reader.read();            // blocks until there is something new
 *     long consumed = parse(result.buffer());
 *     reader.advanceTo(consumed, result.buffer().length());   // used this much, looked at all of it
 *     if (result.isCompleted()) break;
 * }
 * }</pre>
 *
 * <p>Each {@code read} is followed by one {@code advanceTo} before the next. <em>Consumed</em>
 * bytes are gone, and their memory with them. <em>Examined</em> bytes are kept, but were not
 * enough: the next {@code read} blocks until there are more than those.
 */
public abstract class PipeReader {

    /** For subclasses. */
    protected PipeReader() {}

    /**
     * Waits for bytes that were not examined yet, for the end of the stream or for a cancellation.
     *
     * @return what there is, valid until {@link #advanceTo(long, long)}
     * @throws IOException when the writer completed with an error, or the transport failed
     * @throws IllegalStateException after {@link #complete}
     */
    public abstract ReadResult read() throws IOException;

    /**
     * Gives what is there now and never waits.
     *
     * @return what there is, valid until {@link #advanceTo(long, long)}, or {@code null} when
     *     {@link #read()} would wait
     * @throws IOException when the writer completed with an error
     * @throws IllegalStateException after {@link #complete}
     */
    public abstract @Nullable ReadResult tryRead() throws IOException;

    /**
     * Says how far the last result was used.
     *
     * @param consumed how many bytes are done with, counted from the start of the buffer
     * @param examined how many were looked at, at least {@code consumed}
     * @throws IndexOutOfBoundsException when the counts do not fit the buffer
     */
    public abstract void advanceTo(long consumed, long examined);

    /**
     * Says that so many bytes are done with and no further ones were looked at: the next {@link
     * #read()} gives the rest at once when there is any.
     *
     * @param consumed how many bytes, counted from the start of the buffer
     */
    public final void advanceTo(long consumed) {
        advanceTo(consumed, consumed);
    }

    /**
     * Makes the pending {@link #read()}, or the next one, return with {@link
     * ReadResult#isCanceled()}. May be called from any thread. A reader over a transport may report
     * the end of the stream after that.
     */
    public abstract void cancelPendingRead();

    /**
     * Ends reading and gives back all memory. Calling it again does nothing.
     *
     * @param error why, or {@code null} for a normal end
     */
    public abstract void complete(@Nullable Throwable error);

    /** Ends reading normally. */
    public final void complete() {
        complete(null);
    }

    /**
     * This reader as a stream. Closing the stream completes the reader.
     *
     * @return a new stream over this reader
     */
    public InputStream asInputStream() {
        return new PipeInputStream(this);
    }
}
