package dev.kestrel.benchmarks.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The results of a work as a table in Markdown. */
final class Table {

    private final Work work;
    private final List<Result> results;
    private final List<Result> measured;

    Table(Work work, List<Result> results) {
        this.work = work;
        this.results = results;
        measured = results.stream().filter(result -> result.failure() == null).toList();
    }

    String markdown() {
        List<Metric> columns =
                Arrays.stream(Metric.values())
                        .filter(metric -> measured.stream().anyMatch(r -> r.has(metric)))
                        .filter(metric -> metric != Metric.FAILED || anyFailed())
                        .toList();
        StringBuilder text = new StringBuilder();
        text.append("### ").append(work.id()).append(": ").append(work.title()).append("\n\n");
        if (!measured.isEmpty()) {
            row(text, "server", columns.stream().map(Metric::title).toList());
            row(text, "---", columns.stream().map(column -> "---:").toList());
            for (Result result : measured) {
                List<String> cells = new ArrayList<>();
                columns.forEach(column -> cells.add(cell(result, column)));
                row(text, result.server(), cells);
            }
            text.append('\n');
        }
        for (Result result : results) {
            if (result.failure() != null) {
                text.append("- ").append(result.server()).append(": ");
                text.append(result.failure()).append('\n');
            }
        }
        return text.toString();
    }

    private boolean anyFailed() {
        return measured.stream().anyMatch(r -> r.has(Metric.FAILED) && r.max(Metric.FAILED) > 0);
    }

    private static void row(StringBuilder text, String first, List<String> cells) {
        text.append("| ").append(first).append(" | ").append(String.join(" | ", cells));
        text.append(" |\n");
    }

    private String cell(Result result, Metric metric) {
        if (!result.has(metric)) {
            return "";
        }
        String text =
                number(result.median(metric))
                        + " ("
                        + number(result.min(metric))
                        + " to "
                        + number(result.max(metric))
                        + ")";
        double ratio = ratio(result, metric);
        return Double.isFinite(ratio) ? text + " **" + number(ratio) + "x**" : text;
    }

    /** How many times worse than the best it is; the best has 1. */
    private double ratio(Result result, Metric metric) {
        double own = result.median(metric);
        double[] all =
                measured.stream()
                        .filter(other -> other.has(metric))
                        .mapToDouble(other -> other.median(metric))
                        .toArray();
        return metric.moreIsBetter()
                ? Arrays.stream(all).max().orElse(Double.NaN) / own
                : own / Arrays.stream(all).min().orElse(Double.NaN);
    }

    /** With three digits that mean something. */
    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
