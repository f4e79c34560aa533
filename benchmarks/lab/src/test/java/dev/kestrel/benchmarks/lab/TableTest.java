package dev.kestrel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class TableTest {

    private static final Work WORK = Works.all().getFirst();

    /** "A cell is the median of the rounds, the least and the most in parentheses". */
    @Test
    void aCellIsTheMedianWithTheLeastAndTheMost() {
        String table = new Table(WORK, List.of(result("a", Metric.CPU, 9, 2, 4))).markdown();

        assertThat(table).contains("| a | 4.00 (2.00 to 9.00) **1.00x** |");
    }

    /** "how many times as bad as the best median of the column it is: 1.00x is the best". */
    @Test
    void lessTimeIsBetter() {
        String table =
                new Table(
                                WORK,
                                List.of(
                                        result("a", Metric.CPU, 20, 20),
                                        result("b", Metric.CPU, 10, 10)))
                        .markdown();

        assertThat(table).contains("| a | 20.0 (20.0 to 20.0) **2.00x** |");
        assertThat(table).contains("| b | 10.0 (10.0 to 10.0) **1.00x** |");
    }

    /** "how many times as bad as the best median of the column it is: 1.00x is the best". */
    @Test
    void moreRequestsAreBetter() {
        String table =
                new Table(
                                WORK,
                                List.of(
                                        result("a", Metric.RATE, 2000),
                                        result("b", Metric.RATE, 1000)))
                        .markdown();

        assertThat(table).contains("| a | 2,000 (2,000 to 2,000) **1.00x** |");
        assertThat(table).contains("| b | 1,000 (1,000 to 1,000) **2.00x** |");
    }

    /** "A server that is missing, fails, or does not do some work is a line below the table." */
    @Test
    void aServerThatFailsIsALineBelowTheTable() {
        Result failed = result("b", Metric.CPU, 1);
        failed.fail("round 2: gone");

        String table = new Table(WORK, List.of(result("a", Metric.CPU, 10), failed)).markdown();

        assertThat(table)
                .contains("| a | 10.0 (10.0 to 10.0) **1.00x** |")
                .endsWith("- b: round 2: gone\n");
    }

    /** "Shown when there were any". */
    @Test
    void failedRequestsHaveAColumnOnlyWhenThereAreSome() {
        assertThat(new Table(WORK, List.of(result("a", Metric.FAILED, 0, 0))).markdown())
                .doesNotContain("failed");
        assertThat(new Table(WORK, List.of(result("a", Metric.FAILED, 0, 3))).markdown())
                .contains("failed");
    }

    private static Result result(String server, Metric metric, double... values) {
        Result result = new Result(server);
        for (double value : values) {
            result.add(new Measurement().with(metric, value));
        }
        return result;
    }
}
