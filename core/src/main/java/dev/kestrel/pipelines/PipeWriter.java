package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The end of a pipe into which bytes are written. One thread writes at a time; any may call {@link
 * #cancelPendingFlush()}.
 *
 * <p>Bytes collect in rented blocks and go out together at {@link #flush()}, which blocks while the
 * other side is slower. Small pieces are written in place:
 *
 * <pre>{@code
 * byte[] memory = writer.reserve(20);
 * int end = format(number, memory, writer.position());
 * writer.advance(end - writer.position());
 * }</pre>
 */
public abstract class PipeWriter {

    /** What a flush sends and tells a {@link Progress} of is handed on in parts of this at most. */
    public static final int SOME = 64 * 1024;

    private static final byte[] NONE = new byte[0];

    /** The block that is being filled; {@code null} before the first byte after a flush. */
    protected @Nullable MemoryBlock tail;

    /** The memory of {@link #tail}. */
    protected byte[] array = NONE;

    /** Where the next byte goes in {@link #array}. */
    protected int position;

    /** For subclasses. */
    protected PipeWriter() {}

    /**
     * Makes room in one piece. The room starts at {@link #position()} of the array that is
     * returned.
     *
     * @param size how many bytes at least, from 1 to the size of a block of the pool
     * @return the array to write into
     * @throws IllegalArgumentException when the size is more than a block has
     * @throws IllegalStateException after {@link #complete}, when this needs a new block
     */
    public final byte[] reserve(int size) {
        if (array.length - position < size) {
            nextBlock(size);
        }
        return array;
    }

    /**
     * Where the next byte goes in the array that {@link #reserve} gave.
     *
     * @return an index
     */
    public final int position() {
        return position;
    }

    /**
     * Says how many bytes were put at {@link #position()}.
     *
     * @param count zero or more, at most what was free there
     * @throws IndexOutOfBoundsException when there is no room for so many
     */
    public final void advance(int count) {
        Objects.checkFromIndexSize(position, count, array.length);
        position += count;
    }

    /**
     * Writes a byte.
     *
     * @param value its low eight bits count
     */
    public final void write(int value) {
        if (position == array.length) {
            nextBlock(1);
        }
        array[position++] = (byte) value;
    }

    /**
     * Copies bytes into the pipe. Nothing is sent before {@link #flush()}.
     *
     * @param source where they are
     * @param offset where they begin
     * @param count how many
     * @throws IndexOutOfBoundsException when the array has no such part
     */
    public final void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        int from = offset;
        int left = count;
        while (left > 0) {
            if (position == array.length) {
                nextBlock(1);
            }
            int n = Math.min(left, array.length - position);
            System.arraycopy(source, from, array, position, n);
            position += n;
            from += n;
            left -= n;
        }
    }

    /**
     * Copies a whole array into the pipe.
     *
     * @param source the bytes
     */
    public final void write(byte[] source) {
        write(source, 0, source.length);
    }

    /**
     * Copies the bytes of a buffer into the pipe.
     *
     * @param source the bytes from its position to its limit; its position is moved
     */
    public final void write(ByteBuffer source) {
        while (source.hasRemaining()) {
            if (position == array.length) {
                nextBlock(1);
            }
            int n = Math.min(source.remaining(), array.length - position);
            source.get(array, position, n);
            position += n;
        }
    }

    /**
     * Copies text into the pipe, one byte a character. Characters above U+00FF lose their high
     * bits: callers check first.
     *
     * @param text ASCII or Latin-1 text
     */
    @SuppressWarnings(
            "deprecation") // The one call that copies Latin-1 text without an array in between.
    public final void writeLatin1(String text) {
        int from = 0;
        int length = text.length();
        while (from < length) {
            if (position == array.length) {
                nextBlock(1);
            }
            int n = Math.min(length - from, array.length - position);
            text.getBytes(from, from + n, array, position);
            position += n;
            from += n;
        }
    }

    /**
     * Sends what was written, and waits while the other side has too much unread.
     *
     * @return how it ended
     * @throws IOException when the reader completed with an error, or the transport failed
     * @throws IllegalStateException after {@link #complete}
     */
    public abstract FlushResult flush() throws IOException;

    /**
     * Writes bytes and sends them together with what was written before. A writer over a transport
     * sends them from where they are, without a copy in between.
     *
     * @param source where they are; not touched after the call
     * @param offset where they begin
     * @param count how many
     * @return how it ended
     * @throws IOException as for {@link #flush()}
     */
    public FlushResult writeAndFlush(byte[] source, int offset, int count) throws IOException {
        write(source, offset, count);
        return flush();
    }

    /**
     * As {@link #flush()}, and tells how it goes on. So whoever limits the time that the other side
     * has can give it in small parts, however much is sent.
     *
     * @param progress is told of each part that was taken
     * @return how it ended
     * @throws IOException as for {@link #flush()}
     */
    public FlushResult flush(Progress progress) throws IOException {
        long count = unflushedBytes();
        FlushResult result = flush();
        if (result == FlushResult.CONTINUE) {
            for (long left = count; left > 0; left -= SOME) {
                progress.taken(Math.min(left, SOME));
            }
        }
        return result;
    }

    /**
     * As {@link #writeAndFlush(byte[], int, int)}, and tells how it goes on.
     *
     * @param source the bytes from its position to its limit; its position is moved
     * @param progress is told of each part that was taken, with what was written before
     * @return how it ended
     * @throws IOException as for {@link #flush()}
     */
    public FlushResult writeAndFlush(ByteBuffer source, Progress progress) throws IOException {
        while (true) {
            int end = source.limit();
            source.limit(source.position() + Math.min(source.remaining(), SOME));
            write(source);
            source.limit(end);
            FlushResult result = flush(progress);
            if (result == FlushResult.CANCELED) {
                write(source);
            }
            if (result != FlushResult.CONTINUE || !source.hasRemaining()) {
                return result;
            }
        }
    }

    /**
     * Is told, on the thread that flushes, what the other side has taken: of the last part as of
     * those before it, for which somebody waits.
     */
    @FunctionalInterface
    public interface Progress {
        /**
         * So many bytes were taken since the last call.
         *
         * @param count how many, at least one
         */
        void taken(long count);

        /** Nobody wants to know. */
        Progress IGNORED = count -> {};
    }

    /**
     * How many bytes were written and not flushed.
     *
     * @return a count
     */
    public abstract long unflushedBytes();

    /**
     * Makes the pending {@link #flush()}, or the next one, return {@link FlushResult#CANCELED}. May
     * be called from any thread.
     */
    public abstract void cancelPendingFlush();

    /**
     * Ends writing. What was not flushed is flushed first when there is no error, and dropped
     * otherwise. Calling it again does nothing.
     *
     * @param error why, or {@code null} for a normal end
     */
    public abstract void complete(@Nullable Throwable error);

    /** Ends writing normally. */
    public final void complete() {
        complete(null);
    }

    /**
     * This writer as a stream: {@code flush} flushes, {@code close} completes. It flushes by itself
     * when 64 KiB are waiting.
     *
     * @return a new stream over this writer
     */
    public OutputStream asOutputStream() {
        return new PipeOutputStream(this);
    }

    /**
     * Closes the current block and takes a new one, which becomes {@link #tail}, with its {@link
     * #array} and {@link #position}.
     *
     * @param size how many bytes are wanted in one piece
     */
    protected abstract void nextBlock(int size);

    /** Forgets the current block after it was handed on. */
    protected final void dropTail() {
        tail = null;
        array = NONE;
        position = 0;
    }

    /**
     * Makes a block the current one.
     *
     * @param block an empty block
     */
    protected final void useTail(MemoryBlock block) {
        tail = block;
        array = block.array();
        position = block.end;
    }
}
