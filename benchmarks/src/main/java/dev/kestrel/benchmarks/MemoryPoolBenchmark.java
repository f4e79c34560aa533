package dev.kestrel.benchmarks;

import dev.kestrel.pipelines.MemoryBlock;
import dev.kestrel.pipelines.MemoryPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * Blocks that are taken and given back, as every answer takes one. One operation is one block, both
 * ways. With two threads the time is that of each of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MemoryPoolBenchmark {

    private static final int SEVERAL = 8;

    private final MemoryPool pool = new MemoryPool();

    /** One block at a time. */
    @Benchmark
    @Threads(1)
    public int oneThread() {
        return rentAndReturn();
    }

    /** One block at a time, and another thread that does the same. */
    @Benchmark
    @Threads(2)
    public int twoThreads() {
        return rentAndReturn();
    }

    /** Eight blocks that are held together, as for a large answer. */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(SEVERAL)
    public int severalAtATime() {
        MemoryBlock[] blocks = new MemoryBlock[SEVERAL];
        for (int i = 0; i < SEVERAL; i++) {
            blocks[i] = pool.rent();
        }
        int sum = 0;
        for (MemoryBlock block : blocks) {
            sum += block.capacity();
            pool.giveBack(block);
        }
        return sum;
    }

    private int rentAndReturn() {
        MemoryBlock block = pool.rent();
        int capacity = block.capacity();
        pool.giveBack(block);
        return capacity;
    }
}
