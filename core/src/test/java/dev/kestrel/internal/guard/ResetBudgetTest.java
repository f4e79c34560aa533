package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;

import org.junit.jupiter.api.Test;

/** So many resets in a window of ticks, which slides. */
class ResetBudgetTest {

    private static void spend(ResetBudget budget, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(budget.trySpend()).as("reset %d", i + 1).isTrue();
        }
    }

    private static void ticks(ResetBudget budget, int count) {
        for (int i = 0; i < count; i++) {
            budget.tick();
        }
    }

    @Test
    void asManyAsTheLimitAndNoMore() {
        ResetBudget budget = new ResetBudget(200, 30);
        spend(budget, 200);
        assertThat(budget.trySpend()).isFalse();
        ticks(budget, 29);
        assertThat(budget.trySpend()).as("the window is not over").isFalse();
        budget.tick();
        spend(budget, 200);
        assertThat(budget.trySpend()).isFalse();
    }

    @Test
    void theWindowSlidesByOneTick() {
        ResetBudget budget = new ResetBudget(4, 5);
        spend(budget, 1);
        ticks(budget, 4);
        spend(budget, 3);
        assertThat(budget.trySpend()).isFalse();
        budget.tick();
        spend(budget, 1); // the first is out of the window, the three are not
        assertThat(budget.trySpend()).isFalse();
        ticks(budget, 4);
        spend(budget, 3);
        assertThat(budget.trySpend()).isFalse();
    }

    @Test
    void aSteadyPaceBelowTheLimitIsNeverRefused() {
        ResetBudget budget = new ResetBudget(30, 30);
        for (int second = 0; second < 1000; second++) {
            spend(budget, 1);
            budget.tick();
        }
    }

    @Test
    void aRefusedOneDoesNotCount() {
        ResetBudget budget = new ResetBudget(1, 2);
        spend(budget, 1);
        budget.tick();
        assertThat(budget.trySpend()).isFalse();
        budget.tick();
        spend(budget, 1);
    }

    @Test
    void theDefaultsAre200In30Seconds() {
        ResetBudget budget = ResetBudget.ofStreamResets(Http2Limits.defaults());
        spend(budget, 200);
        assertThat(budget.trySpend()).isFalse();
        ticks(budget, 30);
        assertThat(budget.trySpend()).isTrue();
    }

    /** Row 15: "more than 5 x MaxEnhanceYourCalmCount (20) within a 5-tick window". */
    @Test
    void enhanceYourCalmIs100In5Seconds() {
        ResetBudget budget = ResetBudget.ofEnhanceYourCalm(Http2Limits.defaults());
        spend(budget, 100);
        assertThat(budget.trySpend()).isFalse();
        ticks(budget, 5);
        assertThat(budget.trySpend()).isTrue();
    }

    @Test
    void bothCanBeSwitchedOff() {
        Http2Limits off =
                Http2Limits.builder()
                        .maxStreamResets(KestrelServerLimits.UNLIMITED)
                        .maxEnhanceYourCalmCount(0)
                        .build();
        spend(ResetBudget.ofStreamResets(off), 10_000);
        spend(ResetBudget.ofEnhanceYourCalm(off), 10_000);
    }

    @Test
    void theLargestLimitsDoNotOverflow() {
        Http2Limits large =
                Http2Limits.builder()
                        .maxStreamResets(Integer.MAX_VALUE)
                        .maxEnhanceYourCalmCount(Integer.MAX_VALUE)
                        .build();
        spend(ResetBudget.ofStreamResets(large), 1000);
        spend(ResetBudget.ofEnhanceYourCalm(large), 1000);
    }
}
