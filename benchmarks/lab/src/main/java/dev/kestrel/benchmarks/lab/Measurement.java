package dev.kestrel.benchmarks.lab;

import java.util.EnumMap;
import java.util.Map;

/** What one round showed of one server; what could not be had is not in it. */
final class Measurement {

    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    Measurement with(Metric metric, double value) {
        values.put(metric, value);
        return this;
    }

    boolean has(Metric metric) {
        return values.containsKey(metric);
    }

    double get(Metric metric) {
        return values.getOrDefault(metric, Double.NaN);
    }
}
