package dev.kestrel.benchmarks;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;

/**
 * The CPU time of an operation, in nanoseconds: that of the threads that measure, and of those that
 * carry virtual threads. On a machine that others use too it says more than the time that passes.
 *
 * <p>Chosen with {@code -prof dev.kestrel.benchmarks.CpuTimeProfiler}. It counts the whole
 * iteration, so it is only good for iterations that are long beside the time to get going.
 */
public final class CpuTimeProfiler implements InternalProfiler {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long before;

    @Override
    public String getDescription() {
        return "CPU time of an operation, in the threads that do it";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = cpuTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long used = cpuTime() - before;
        long operations = result.getMetadata().getAllOps();
        if (operations == 0) {
            return List.of();
        }
        return List.of(
                new ScalarResult(
                        "cpu", (double) used / operations, "ns/op", AggregationPolicy.AVG));
    }

    private long cpuTime() {
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && works(thread.getThreadName())) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }

    private static boolean works(String name) {
        return name.contains("jmh-worker") || name.startsWith("ForkJoinPool-1-worker");
    }
}
