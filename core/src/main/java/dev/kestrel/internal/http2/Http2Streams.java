package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * All streams of a connection: the table of those that the client may still send for, the pool of
 * those that wait for their next use, and how many there are of each kind.
 *
 * <p>Table and pool belong to whoever holds the connection's loop. Streams end on any thread; that
 * counts them at once and puts them on a stack, from which the loop takes them out of the table.
 */
final class Http2Streams {

    /** How long frames may come that were on the way when this side reset their stream. */
    static final int DRAIN_BEATS = 5;

    private final Http2StreamTable table = new Http2StreamTable();
    private final Http2StreamPool pool = new Http2StreamPool();
    private final int maxStreams;
    private final int maxTracked;
    private final Runnable allServed;

    /** Streams that count against SETTINGS_MAX_CONCURRENT_STREAMS. */
    private final AtomicInteger concurrent = new AtomicInteger();

    /** Streams whose application runs, or whose response is not sent. */
    private final AtomicInteger running = new AtomicInteger();

    private volatile @Nullable Thread waiter;

    private final AtomicReference<@Nullable Http2Stream> finished = new AtomicReference<>();

    /**
     * Makes an empty collection.
     *
     * @param allServed is called, on any thread, when the last stream that ran was served
     */
    Http2Streams(int maxStreams, Runnable allServed) {
        this.maxStreams = maxStreams;
        this.maxTracked = (int) Math.max(Math.min(2L * maxStreams, Integer.MAX_VALUE / 4), 100);
        this.allServed = allServed;
    }

    @Nullable Http2Stream get(int id) {
        return table.get(id);
    }

    /**
     * Whether one more stream may begin; when not, the code to refuse it with. Streams that the
     * client has reset count for as long as their application runs (CVE-2023-44487).
     */
    @Nullable Http2ErrorCode refusal() {
        if (table.size() >= maxTracked) {
            takeFinished();
            if (table.size() >= maxTracked) {
                return Http2ErrorCode.ENHANCE_YOUR_CALM;
            }
        }
        return concurrent.get() >= maxStreams ? Http2ErrorCode.REFUSED_STREAM : null;
    }

    /** Whether the table has room for a stream that is only there so that late frames find it. */
    boolean canDrainMore() {
        return table.size() < 2 * maxTracked;
    }

    /** A stream of the pool, or nothing. */
    @Nullable Http2Stream poll() {
        return pool.poll();
    }

    /** Gives back a stream that was not begun. */
    void giveBack(Http2Stream stream) {
        pool.push(stream);
    }

    /** Adds a stream whose application is about to run. */
    void add(Http2Stream stream) {
        concurrent.incrementAndGet();
        running.incrementAndGet();
        table.add(stream);
    }

    /** Adds a stream that was refused and whose further frames are to be dropped. */
    void addRefused(Http2Stream stream) {
        table.add(stream);
    }

    /** A stream no longer counts as concurrent. From any thread. */
    void closed() {
        concurrent.decrementAndGet();
    }

    /** A stream was served. From any thread. */
    void served() {
        if (running.decrementAndGet() == 0) {
            allServed.run();
        }
    }

    /** Nobody needs a stream any more. From any thread. */
    void finished(Http2Stream stream) {
        Http2Stream top;
        do {
            top = finished.get();
            stream.nextFinished = top;
        } while (!finished.compareAndSet(top, stream));
    }

    /** Waits until no stream runs. On the connection's thread, which then opens no more. */
    void awaitServed() {
        boolean interrupted = false;
        waiter = Thread.currentThread();
        try {
            while (running.get() > 0) {
                LockSupport.park(this);
                // Only the end of the streams ends this wait; an interrupt is left for later.
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiter = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Wakes who waits in {@link #awaitServed}. From any thread. */
    void wakeServed() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** How many streams run. From any thread. */
    int running() {
        return running.get();
    }

    /** Takes the streams that have finished out of the table. */
    void takeFinished() {
        if (finished.get() == null) {
            return;
        }
        Http2Stream stream = finished.getAndSet(null);
        while (stream != null) {
            Http2Stream next = stream.nextFinished;
            stream.nextFinished = null;
            table.remove(stream);
            stream.recycle();
            pool.push(stream);
            stream = next;
        }
    }

    /** Calls an action for each stream of the table. */
    void forEach(Consumer<Http2Stream> action) {
        table.forEach(action);
    }

    /** A beat of the heart, for whoever holds the loop meanwhile. */
    void tick() {
        takeFinished();
        if (table.size() > 0) {
            table.forEach(Http2Stream::drainTick);
            takeFinished();
        }
        pool.tick();
    }
}
