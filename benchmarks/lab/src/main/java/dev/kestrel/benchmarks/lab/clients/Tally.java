package dev.kestrel.benchmarks.lab.clients;

import java.io.PrintStream;

/**
 * What came of the requests of one thread: all that were answered well, those of them that count,
 * and those that failed. Owned by that thread until it is done.
 */
final class Tally {

    /** What a client says, on a line of its own, when it begins to count. */
    static final String BEGUN = "lab counting";

    /** And when it no longer does. */
    static final String ENDED = "lab counted";

    private final Latencies latencies = new Latencies();
    private long answered;
    private long failed;

    /** A request was answered as it should be. */
    void answered() {
        answered++;
    }

    /** It was sent in the time that is measured, too. */
    void counted(long nanos) {
        latencies.add(nanos);
    }

    void failed(long requests) {
        failed += requests;
    }

    void add(Tally other) {
        latencies.add(other.latencies);
        answered += other.answered;
        failed += other.failed;
    }

    /** The line that the lab reads. */
    void print(PrintStream out, long nanos) {
        out.printf(
                "lab answered=%d counted=%d nanos=%d failed=%d p50=%d p99=%d p999=%d%n",
                answered,
                latencies.total(),
                nanos,
                failed,
                latencies.percentile(0.5),
                latencies.percentile(0.99),
                latencies.percentile(0.999));
    }
}
