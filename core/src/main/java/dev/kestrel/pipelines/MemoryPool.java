package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Fixed blocks of memory, kept for reuse while there is load and given back to the collector after
 * it.
 *
 * <p>The pool never grows on its own: it holds at most as many blocks as were rented at one time.
 * {@link #trim()}, which the server's heartbeat calls, drops some of those that lie idle: the
 * original's rule, which follows the difference between what was rented and what came back since
 * the last call. Blocks are not keyed by thread. All methods may be called from any thread.
 *
 * <p>The original's name is {@code PinnedBlockMemoryPool}.
 */
public class MemoryPool {

    /**
     * The size of a block unless another is asked for, in bytes: an HTTP/2 frame or a TLS record
     * fits in.
     */
    public static final int DEFAULT_BLOCK_SIZE = 16 * 1024;

    private final int blockSize;
    private final Shelf[] shelves;
    private final LongAdder allocations = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final ReentrantLock trimming = new ReentrantLock();
    private long lastRentals;
    private long lastReturns;

    /** Makes a pool with blocks of {@link #DEFAULT_BLOCK_SIZE}. */
    public MemoryPool() {
        this(DEFAULT_BLOCK_SIZE);
    }

    /**
     * Makes a pool.
     *
     * @param blockSize the size of each block in bytes, at least 64
     * @throws IllegalArgumentException when the size is below 64
     */
    public MemoryPool(int blockSize) {
        if (blockSize < 64) {
            throw new IllegalArgumentException("A block needs at least 64 bytes, not " + blockSize);
        }
        this.blockSize = blockSize;
        int count = Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors()));
        shelves = new Shelf[count];
        for (int i = 0; i < count; i++) {
            shelves[i] = new Shelf();
        }
    }

    /**
     * The size of every block of this pool.
     *
     * @return bytes
     */
    public final int blockSize() {
        return blockSize;
    }

    /**
     * Takes a block out of the pool, or makes one. Its data are empty; its bytes are whatever they
     * were.
     *
     * @return a block that the caller owns until {@link #giveBack}
     */
    public MemoryBlock rent() {
        int first = shelfIndex();
        MemoryBlock block = shelves[first].pop(1);
        for (int i = 1; block == null && i < shelves.length; i++) {
            block = shelves[(first + i) & (shelves.length - 1)].pop(0);
        }
        if (block == null) {
            allocations.increment();
            block = new MemoryBlock(this, new byte[blockSize]);
        }
        block.rented = true;
        return block;
    }

    /**
     * Returns a block that {@link #rent} gave. The caller must not touch it again.
     *
     * @param block a block of this pool
     * @throws IllegalStateException when the block was already returned or belongs elsewhere
     */
    public void giveBack(MemoryBlock block) {
        if (block.owner != this) {
            throw new IllegalStateException("The block belongs to another pool");
        }
        if (!block.rented) {
            throw new IllegalStateException("The block was returned twice");
        }
        block.rented = false;
        block.clear();
        shelves[shelfIndex()].push(block);
    }

    /**
     * Drops some of the idle blocks. Called about every ten seconds. With no traffic since the last
     * call it drops a twentieth (at least ten); with steady traffic a hundredth (at least one);
     * when more came back than was taken, a hundredth or a fifth of the difference, whichever is
     * less; while load rises, none.
     */
    public void trim() {
        if (!trimming.tryLock()) {
            return;
        }
        try {
            long rented = sum(Shelf::rentals);
            long returned = sum(Shelf::returns);
            long rentedNow = rented - lastRentals;
            long returnedNow = returned - lastReturns;
            lastRentals = rented;
            lastReturns = returned;
            evict(evictionsFor(pooled(), rentedNow, returnedNow));
        } finally {
            trimming.unlock();
        }
    }

    static int evictionsFor(int pooled, long rented, long returned) {
        if (rented == 0 && returned == 0) {
            return Math.max(10, pooled / 20);
        }
        if (returned == rented) {
            return Math.max(1, pooled / 100);
        }
        if (returned > rented) {
            return (int) Math.min(Math.max(1, pooled / 100), Math.max(1, (returned - rented) / 5));
        }
        return 0;
    }

    private void evict(int count) {
        int left = count;
        for (Shelf shelf : shelves) {
            while (left > 0 && shelf.pop(0) != null) {
                evictions.increment();
                left--;
            }
        }
    }

    /**
     * What the pool holds and has done, as of about now.
     *
     * @return the gauges
     */
    public final Stats stats() {
        // In this order a block can be seen as still rented, but never as returned before that.
        long returned = sum(Shelf::returns);
        long rented = sum(Shelf::rentals) - returned;
        return new Stats(pooled(), rented, allocations.sum(), evictions.sum());
    }

    private int pooled() {
        return (int) sum(Shelf::size);
    }

    private long sum(ToLongFunction<Shelf> gauge) {
        long total = 0;
        for (Shelf shelf : shelves) {
            total += shelf.read(gauge);
        }
        return total;
    }

    private int shelfIndex() {
        // A hint that spreads contention, not an owner: whoever finds a shelf empty looks at the
        // others.
        long id = Thread.currentThread().threadId();
        return (int) (id ^ (id >>> 7)) & (shelves.length - 1);
    }

    /**
     * The gauges of a pool.
     *
     * @param pooled blocks that lie idle in the pool
     * @param rented blocks that are in use
     * @param allocated blocks made since the start
     * @param evicted blocks dropped by {@link MemoryPool#trim()} since the start
     */
    public record Stats(int pooled, long rented, long allocated, long evicted) {}

    /** A stack: the block returned last is the one most likely still in a cache. */
    private static final class Shelf {
        private final ReentrantLock lock = new ReentrantLock();

        // Guarded by the lock, which every use takes anyway: counting costs nothing more.
        private @Nullable MemoryBlock top;
        private int size;
        private long rentals;
        private long returns;

        /** Takes a block, or {@code null}, and counts so many rentals. */
        @Nullable MemoryBlock pop(int counted) {
            lock.lock();
            try {
                rentals += counted;
                MemoryBlock block = top;
                if (block != null) {
                    top = block.next;
                    block.next = null;
                    size--;
                }
                return block;
            } finally {
                lock.unlock();
            }
        }

        /** Puts a block back, and counts a return. */
        void push(MemoryBlock block) {
            lock.lock();
            try {
                returns++;
                block.next = top;
                top = block;
                size++;
            } finally {
                lock.unlock();
            }
        }

        long read(ToLongFunction<Shelf> gauge) {
            lock.lock();
            try {
                return gauge.applyAsLong(this);
            } finally {
                lock.unlock();
            }
        }

        private long size() {
            return size;
        }

        private long rentals() {
            return rentals;
        }

        private long returns() {
            return returns;
        }
    }
}
