package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** What users see of the guards. */
class GuardCountersTest {

    @Test
    void everyGuardIsCountedByItself() {
        GuardCounters counters = new GuardCounters();
        for (Guard guard : Guard.values()) {
            for (int i = 0; i <= guard.ordinal(); i++) {
                counters.rejected(guard);
            }
        }
        for (Guard guard : Guard.values()) {
            assertThat(counters.count(guard)).isEqualTo(guard.ordinal() + 1);
        }
    }

    @Test
    void allGuardsAreShownInTheirOrderAlsoThoseThatRefusedNothing() {
        GuardCounters counters = new GuardCounters();
        counters.rejected(Guard.STREAM_RESETS);
        assertThat(counters.snapshot())
                .containsOnlyKeys(Arrays.stream(Guard.values()).map(Guard::label).toList())
                .containsEntry("streamResets", 1L)
                .containsEntry("controlFrames", 0L);
        assertThat(counters.snapshot().keySet())
                .containsExactlyElementsOf(
                        Arrays.stream(Guard.values()).map(Guard::label).toList());
    }
}
