package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Whose turn it is to write the frames of a connection: the writer's thread, a stream's that ends a
 * response while nobody writes, or nobody's. What belongs to the writer belongs to whoever has the
 * turn, and is handed on with it.
 *
 * <pre>
 *   NOBODY --wake--------&gt; WRITER    (any thread; the writer's is unparked)
 *   NOBODY --tryTake-----&gt; STREAM
 *   STREAM --release-----&gt; NOBODY
 *   STREAM --handOver----&gt; WRITER
 *   WRITER --release-----&gt; NOBODY    (then it takes back or waits)
 * </pre>
 */
final class Http2WriterTurn {

    private enum Holder {
        NOBODY,
        WRITER,
        STREAM
    }

    /** At first the writer's, which is about to start. */
    private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.WRITER);

    private volatile @Nullable Thread writer;

    /** The writer's thread has started. */
    void started() {
        writer = Thread.currentThread();
    }

    /** Whether nobody writes. From any thread. */
    boolean isFree() {
        return holder.get() == Holder.NOBODY;
    }

    /** Gives the turn to the writer's thread when nobody has it. From any thread. */
    void wake() {
        if (isFree() && takeBack()) {
            LockSupport.unpark(writer);
        }
    }

    /** Takes the turn when nobody has it. On a stream's thread. */
    boolean tryTake() {
        return isFree() && holder.compareAndSet(Holder.NOBODY, Holder.STREAM);
    }

    /** Gives the turn up. Whoever does so looks afterwards whether something has come meanwhile. */
    void release() {
        holder.set(Holder.NOBODY);
    }

    /** Gives the turn to the writer's thread. On a stream's thread that has it. */
    void handOver() {
        holder.set(Holder.WRITER);
        LockSupport.unpark(writer);
    }

    /** Takes the turn again, unless somebody else was faster. On the writer's thread. */
    boolean takeBack() {
        return holder.compareAndSet(Holder.NOBODY, Holder.WRITER);
    }

    /** Waits for the turn. On the writer's thread. */
    void await() {
        while (holder.get() != Holder.WRITER) {
            LockSupport.park(this);
        }
    }
}
