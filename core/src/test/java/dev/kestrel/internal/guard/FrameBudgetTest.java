package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.options.KestrelServerLimits;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** Frames that bring nothing: they cost, useful ones earn, time gives back. */
class FrameBudgetTest {

    @Test
    void asMuchAsItHoldsMayBeSpentAndNoMore() {
        FrameBudget budget = new FrameBudget(3);
        assertThat(budget.trySpend(1)).isTrue();
        assertThat(budget.trySpend(2)).isTrue();
        assertThat(budget.trySpend(1)).isFalse();
    }

    @Test
    void whatIsRefusedTakesNothing() {
        FrameBudget budget = new FrameBudget(3);
        assertThat(budget.trySpend(4)).isFalse();
        assertThat(budget.left()).isEqualTo(3);
        assertThat(budget.trySpend(3)).isTrue();
    }

    @Test
    void usefulFramesEarnButNeverMoreThanAWholeBudget() {
        FrameBudget budget = new FrameBudget(3);
        budget.earn(100);
        assertThat(budget.left()).isEqualTo(3);
        assertThat(budget.trySpend(3)).isTrue();
        budget.earn(2);
        assertThat(budget.left()).isEqualTo(2);
        budget.earn(Integer.MAX_VALUE);
        assertThat(budget.left()).isEqualTo(3);
    }

    @Test
    void aWholeBudgetComesBackInThirtyTicksWhateverItsSize() {
        for (int capacity : new int[] {1, 7, 29, 30, 31, 1000, Integer.MAX_VALUE}) {
            FrameBudget budget = new FrameBudget(capacity);
            assertThat(budget.trySpend(capacity)).isTrue();
            for (int i = 0; i < 29; i++) {
                budget.tick();
            }
            assertThat(budget.left()).as("of %d after 29 ticks", capacity).isLessThan(capacity);
            budget.tick();
            assertThat(budget.left()).as("of %d after 30 ticks", capacity).isEqualTo(capacity);
        }
    }

    @Test
    void timeInWhichNothingIsSpentIsNotSaved() {
        FrameBudget budget = new FrameBudget(30);
        for (int i = 0; i < 1000; i++) {
            budget.tick();
        }
        assertThat(budget.trySpend(31)).isFalse();
        assertThat(budget.trySpend(30)).isTrue();
        budget.tick();
        assertThat(budget.left()).isEqualTo(1);
    }

    @Test
    void unlimitedIsNeverUsedUp() {
        FrameBudget budget = new FrameBudget((int) KestrelServerLimits.UNLIMITED);
        for (int i = 0; i < 10; i++) {
            assertThat(budget.trySpend(Integer.MAX_VALUE)).isTrue();
            budget.earn(1);
            budget.tick();
        }
    }

    @Test
    void threadsThatEarnAndSpendLoseNothing() throws InterruptedException {
        int rounds = 20_000;
        FrameBudget budget = new FrameBudget(2 * rounds);
        AtomicInteger refused = new AtomicInteger();
        assertThat(budget.trySpend(rounds)).isTrue();
        Thread spender =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int i = 0; i < rounds; i++) {
                                        if (!budget.trySpend(1)) {
                                            refused.incrementAndGet();
                                        }
                                    }
                                });
        for (int i = 0; i < rounds; i++) {
            budget.earn(1);
        }
        spender.join();
        assertThat(refused).hasValue(0);
        assertThat(budget.left()).isEqualTo(rounds);
    }
}
