package dev.kestrel.testkit;

import dev.kestrel.pipelines.MemoryBlock;
import dev.kestrel.pipelines.MemoryPool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool that watches how its blocks are used, for tests. It finds
 *
 * <ul>
 *   <li>blocks that were never returned, and tells where they were rented;
 *   <li>blocks that are returned twice, or that belong to another pool;
 *   <li>memory that was written to after it was returned: a returned block is filled with a
 *       pattern, which must be intact when the block is rented again and when the pool is closed.
 *       Who only reads such memory sees the pattern.
 * </ul>
 *
 * <p>A wrong return throws where it happens and is remembered, because what a server's thread
 * throws may end in a log. It may be used by any number of threads. It is slow.
 */
public final class DiagnosticMemoryPool extends MemoryPool implements AutoCloseable {

    /** What returned memory is filled with. */
    public static final byte POISON = (byte) 0xDD;

    private final Object guard = new Object();
    private final Map<MemoryBlock, Throwable> rented = new IdentityHashMap<>();
    private final Map<MemoryBlock, Throwable> returned = new IdentityHashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Makes a pool with blocks of {@link MemoryPool#DEFAULT_BLOCK_SIZE}. */
    public DiagnosticMemoryPool() {
        this(DEFAULT_BLOCK_SIZE);
    }

    /**
     * Makes a pool.
     *
     * @param blockSize the size of each block in bytes, at least 64; small blocks bring out errors
     *     at their borders
     */
    public DiagnosticMemoryPool(int blockSize) {
        super(blockSize);
    }

    @Override
    public MemoryBlock rent() {
        MemoryBlock block = super.rent();
        synchronized (guard) {
            Throwable lastReturn = returned.remove(block);
            if (lastReturn != null) {
                checkIntact(block, lastReturn);
            }
            rented.put(block, new Throwable("rented here"));
        }
        // Nobody may count on zeroes.
        Arrays.fill(block.array(), POISON);
        return block;
    }

    @Override
    public void giveBack(MemoryBlock block) {
        synchronized (guard) {
            if (rented.remove(block) == null) {
                Throwable before = returned.get(block);
                String fault =
                        before == null
                                ? "A block of another pool was returned"
                                : "A block was returned twice; the first time" + describe(before);
                faults.add(fault);
                throw new IllegalStateException(fault);
            }
            Arrays.fill(block.array(), POISON);
            returned.put(block, new Throwable("returned here"));
        }
        super.giveBack(block);
    }

    /**
     * How many blocks are in use now.
     *
     * @return a count
     */
    public int rentedBlocks() {
        synchronized (guard) {
            return rented.size();
        }
    }

    /**
     * Checks that blocks were used and returned as they should be, those in use aside.
     *
     * @throws AssertionError when one was not; the message says what happened and where
     */
    public void assertSound() {
        synchronized (guard) {
            returned.forEach(this::checkIntact);
            if (!faults.isEmpty()) {
                throw new AssertionError(String.join(System.lineSeparator(), faults));
            }
        }
    }

    /**
     * Checks that every block was returned.
     *
     * @throws AssertionError when one was not; the message tells where it was rented
     */
    public void assertAllReturned() {
        synchronized (guard) {
            if (!rented.isEmpty()) {
                StringBuilder text = new StringBuilder();
                text.append(rented.size()).append(" blocks were not returned:");
                rented.values().forEach(where -> text.append(describe(where)));
                throw new AssertionError(text.toString());
            }
        }
    }

    /**
     * Checks everything: {@link #assertSound()} and {@link #assertAllReturned()}. The pool can be
     * used after that.
     *
     * @throws AssertionError when something is wrong
     */
    @Override
    public void close() {
        assertSound();
        assertAllReturned();
    }

    private void checkIntact(MemoryBlock block, Throwable lastReturn) {
        byte[] array = block.array();
        for (int i = 0; i < array.length; i++) {
            if (array[i] != POISON) {
                faults.add(
                        "Byte "
                                + i
                                + " of a block was written to after the block was returned"
                                + describe(lastReturn));
                // Once is enough.
                Arrays.fill(array, POISON);
                return;
            }
        }
    }

    private static String describe(Throwable where) {
        StringBuilder text = new StringBuilder(", ").append(where.getMessage()).append(':');
        StackTraceElement[] stack = where.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, 16); i++) {
            text.append(System.lineSeparator()).append("    at ").append(stack[i]);
        }
        return text.toString();
    }
}
