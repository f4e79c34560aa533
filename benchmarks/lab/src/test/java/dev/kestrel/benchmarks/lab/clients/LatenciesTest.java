package dev.kestrel.benchmarks.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    /** "A time is kept in a class that is at most a 64th of it wide." */
    @Test
    void timesAreOffByA64thAtMost() {
        for (long nanos = 1; nanos > 0 && nanos < Long.MAX_VALUE / 3; nanos += nanos / 5 + 1) {
            Latencies latencies = new Latencies();
            latencies.add(nanos);

            assertThat(latencies.percentile(0.5)).isBetween(nanos, nanos + nanos / 64);
        }
    }

    /** "The time that this share of the requests did not exceed". */
    @Test
    void aPercentileIsTheTimeThatItsShareDidNotExceed() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 50; i++) {
            latencies.add(i);
        }

        assertThat(latencies.percentile(0.5)).isEqualTo(25);
        assertThat(latencies.percentile(0.99)).isEqualTo(50);
        assertThat(latencies.total()).isEqualTo(50);
    }
}
