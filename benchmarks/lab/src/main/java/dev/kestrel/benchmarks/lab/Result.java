package dev.kestrel.benchmarks.lab;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** All rounds of one server at one work, or why there are none. */
final class Result {

    private final String server;
    private final List<Measurement> rounds = new ArrayList<>();
    private @Nullable String failure;

    Result(String server) {
        this.server = server;
    }

    String server() {
        return server;
    }

    void add(Measurement round) {
        rounds.add(round);
    }

    void fail(@Nullable String reason) {
        failure = reason == null ? "failed" : reason;
    }

    /** Why the server has no more rounds; {@code null} while it has. */
    @Nullable String failure() {
        return failure;
    }

    /** Whether there is anything of this in at least one round. */
    boolean has(Metric metric) {
        return rounds.stream().anyMatch(round -> round.has(metric));
    }

    double median(Metric metric) {
        double[] sorted = sorted(metric);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double min(Metric metric) {
        return sorted(metric)[0];
    }

    double max(Metric metric) {
        double[] sorted = sorted(metric);
        return sorted[sorted.length - 1];
    }

    private double[] sorted(Metric metric) {
        return rounds.stream()
                .filter(round -> round.has(metric))
                .mapToDouble(round -> round.get(metric))
                .sorted()
                .toArray();
    }
}
