package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A reader that gets its bytes straight from a {@link ByteSource}, on the thread that reads and
 * only when it asks.
 *
 * <p>Memory: while nothing is buffered it waits on a small block of its own, so that an idle
 * connection holds about a kilobyte; a message that fits in there is looked at in place, and the
 * pool is not touched. When more is needed the rest moves to a block of the pool and stays in one
 * piece. After a read that filled the small block the next one waits without memory, where the
 * source can, or asks it whether there is something, and reads into a block of the pool at once;
 * the one after that into two, up to eight, as long as they are filled. Blocks go back as soon as
 * they are consumed.
 *
 * <p>{@link #cancelPendingRead()} cancels the source, which is final: the cancelled read says so,
 * and later ones report the end of the stream.
 *
 * <p>{@link #awaitInput()} waits without memory, and {@link #beginRest()} gets ready for a wait
 * without a thread: an idle connection then holds none of the above.
 *
 * <p>{@link #startReadAhead()} has a thread of the reader's own wait on the source while nobody
 * reads, so that the end of the stream is noticed at once.
 */
public final class SourcePipeReader extends PipeReader {

    /** The size of the block that waits, unless another is given, in bytes. */
    public static final int DEFAULT_IDLE_SIZE = 1024;

    /** How many bytes reading ahead brings in at most, unless another number is given. */
    public static final int DEFAULT_READ_AHEAD_LIMIT = 64 * 1024;

    private final ByteSource source;
    private final SourceFiller filler;
    private final ReadAhead ahead;

    private final BlockChain chain = new BlockChain();
    private final ReadResult result = new ReadResult();
    private long examined;
    private volatile boolean canceled;
    private boolean ended;
    private @Nullable IOException failure;
    private boolean completed;

    /** The turn to read was taken by a wait, for the read that follows. */
    private boolean waiting;

    /**
     * Makes a reader.
     *
     * @param pool where blocks come from once the small one does not do
     * @param source where bytes come from
     * @param idleSize the size of the small block in bytes, at least one
     * @param readAheadLimit reading ahead waits for the reader while it has so many bytes for it,
     *     at least one
     * @param endListener is told, at most once, when the source has ended or failed
     * @throws IllegalArgumentException when a size is less than one
     */
    public SourcePipeReader(
            MemoryPool pool,
            ByteSource source,
            int idleSize,
            int readAheadLimit,
            EndListener endListener) {
        this(pool, source, new IdleBlocks(idleSize), readAheadLimit, endListener);
    }

    /**
     * Makes a reader that shares small blocks with others.
     *
     * @param pool where blocks come from once the small one does not do
     * @param source where bytes come from
     * @param idleBlocks where the small one comes from, and where it is left for a rest
     * @param readAheadLimit reading ahead waits for the reader while it has so many bytes for it,
     *     at least one
     * @param endListener is told, at most once, when the source has ended or failed
     * @throws IllegalArgumentException when the limit is less than one
     */
    public SourcePipeReader(
            MemoryPool pool,
            ByteSource source,
            IdleBlocks idleBlocks,
            int readAheadLimit,
            EndListener endListener) {
        if (readAheadLimit < 1) {
            throw new IllegalArgumentException("The limit must be at least one");
        }
        this.source = source;
        this.filler = new SourceFiller(pool, source, idleBlocks);
        this.ahead = new ReadAhead(pool, source, idleBlocks.size(), readAheadLimit, endListener);
    }

    /**
     * Makes a reader with the default sizes that tells nobody of the end.
     *
     * @param pool where blocks come from once the small one does not do
     * @param source where bytes come from
     */
    public SourcePipeReader(MemoryPool pool, ByteSource source) {
        this(pool, source, DEFAULT_IDLE_SIZE, DEFAULT_READ_AHEAD_LIMIT, error -> {});
    }

    @Override
    public ReadResult read() throws IOException {
        checkOpen();
        while (!hasNews()) {
            if (failure != null) {
                throw failure;
            }
            if (ahead.isActive()) {
                takeFromAhead(true);
            } else if (waiting || ahead.beginDirect()) {
                waiting = false;
                readDirectly();
            }
        }
        return show();
    }

    @Override
    public @Nullable ReadResult tryRead() throws IOException {
        checkOpen();
        if (!hasNews() && failure == null && ahead.isActive()) {
            takeFromAhead(false);
        }
        if (hasNews()) {
            return show();
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    /**
     * Waits for bytes, where the source can do so without memory. May return before there are any;
     * the next call is a read, or {@link #beginRest()}.
     *
     * @throws IOException when the source failed
     */
    public void awaitInput() throws IOException {
        checkOpen();
        if (beginWait()) {
            source.awaitInput();
        }
    }

    /**
     * Reads what the source has, without waiting for it. The next call is a read, or {@link
     * #beginRest()}. Only where the source {@linkplain ByteSource#readNow can tell}.
     *
     * @return false when there is nothing to be read yet
     * @throws IOException when the source failed
     */
    public boolean readNow() throws IOException {
        checkOpen();
        if (!beginWait() || chain.length() > 0) {
            return true;
        }
        int count;
        try {
            count = filler.fillNow(chain);
        } catch (IOException e) {
            waiting = false;
            failure = e;
            endOfDirect();
            throw e;
        }
        if (count == 0) {
            return false;
        }
        waiting = false;
        ended = count < 0;
        endOfDirect();
        return true;
    }

    /**
     * Gets ready for a wait in which no thread has to do with this reader: its memory goes, and
     * nobody else may read from the source before the next read here has.
     *
     * @return false when there is something to read already
     */
    public boolean beginRest() {
        checkOpen();
        if (chain.length() > 0 || !beginWait()) {
            return false;
        }
        filler.clear();
        chain.show(result.buffer());
        return true;
    }

    /**
     * Goes on with a rest that another reader of the same source began with {@link #beginRest()}:
     * this one may take its place, for that one held nothing any more. Before anything else.
     */
    public void continueRest() {
        checkOpen();
        waiting = ahead.beginDirect();
    }

    private boolean beginWait() {
        waiting = waiting || (!hasNews() && failure == null && ahead.beginDirect());
        return waiting && !canceled;
    }

    @Override
    public void advanceTo(long consumed, long examinedNow) {
        checkOpen();
        result.checkAdvance(consumed, examinedNow);
        chain.consume(consumed, null);
        examined = examinedNow - consumed;
    }

    @Override
    public void cancelPendingRead() {
        canceled = true;
        ahead.cancel();
        source.cancel();
    }

    @Override
    public void complete(@Nullable Throwable error) {
        if (!completed) {
            completed = true;
            chain.clear(null);
            result.buffer().set(null, 0, 0);
            ahead.close();
        }
    }

    /**
     * Has a virtual thread wait on the source while nobody reads. What it brings is kept, up to the
     * limit, for the next {@link #read()}; the end of the stream or a failure goes to the end
     * listener at once. It goes on until {@link #stopReadAhead()}. May be called from any thread;
     * calling it again does nothing.
     */
    public void startReadAhead() {
        ahead.start();
    }

    /**
     * Ends reading ahead. A read that waits on the source already goes on, and what it brings is
     * kept for the reader; from then on the reader reads for itself again. May be called from any
     * thread.
     */
    public void stopReadAhead() {
        ahead.stop();
    }

    private boolean hasNews() {
        return canceled || ended || chain.length() > examined;
    }

    private ReadResult show() {
        chain.show(result.buffer());
        if (canceled) {
            canceled = false;
            return result.set(false, true);
        }
        return result.set(ended, false);
    }

    private void readDirectly() {
        try {
            if (!filler.fill(chain)) {
                ended = true;
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            endOfDirect();
        }
    }

    private void endOfDirect() {
        try {
            if (ended || failure != null) {
                ahead.end(failure);
            }
        } finally {
            ahead.endDirect();
        }
    }

    private void takeFromAhead(boolean wait) throws IOException {
        ahead.take(chain, wait);
        if (ahead.isExhausted()) {
            failure = ahead.failure();
            ended = failure == null;
        }
    }

    private void checkOpen() {
        if (completed) {
            throw new IllegalStateException("The reader is completed");
        }
    }

    /** Is told when a source has ended. */
    @FunctionalInterface
    public interface EndListener {
        /**
         * There will be no more bytes. Called on the thread that noticed, without a lock; not
         * called when reading was cancelled on this side.
         *
         * @param error why the source failed, or {@code null} when the peer ended the stream
         */
        void inputEnded(@Nullable IOException error);
    }
}
