package dev.kestrel.benchmarks.lab;

/** A column of the tables. */
enum Metric {
    CPU("CPU µs/request", false),
    RATE("requests/s", true),
    P50("p50 ms", false),
    P99("p99 ms", false),
    P999("p99.9 ms", false),
    FIRST_RESPONSE("first response ms", false),
    PER_CONNECTION("RSS kB/connection", false),
    RESIDENT("RSS MB", false),
    PEAK("peak RSS MB", false),
    ALLOCATED("allocated B/request", false),
    FAILED("failed", false);

    private final String title;
    private final boolean moreIsBetter;

    Metric(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    String title() {
        return title;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
