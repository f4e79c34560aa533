package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Timers of a loop come in the order of their times, and no more once they are cancelled. */
class LoopTimersTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final LoopTimers timers = new LoopTimers();

    @Test
    void nothingIsDueWhenThereIsNothing() {
        assertThat(timers.next()).isEqualTo(LoopTimers.NEVER);
        assertThat(poll(LoopTimers.NEVER)).isNull();
    }

    @Test
    void whatIsNotDueStays() {
        LoopTimers.Timer timer = timers.add(() -> {}, HOUR);
        assertThat(timers.next()).isEqualTo(timer.time());
        assertThat(poll(timer.time() - 1)).isNull();
        assertThat(poll(timer.time())).isSameAs(timer);
        assertThat(timers.next()).isEqualTo(LoopTimers.NEVER);
        assertThat(timer.isDone()).isTrue();
    }

    @Test
    void theLongestDelayIsLaterThanAllOthersAndNotNever() {
        LoopTimers.Timer last = timers.add(() -> {}, Long.MAX_VALUE);
        LoopTimers.Timer first = timers.add(() -> {}, HOUR);
        assertThat(last.time()).isLessThan(LoopTimers.NEVER);
        assertThat(poll(LoopTimers.NEVER)).isSameAs(first);
        assertThat(poll(LoopTimers.NEVER)).isSameAs(last);
    }

    @Test
    void aCancelledTimerIsGoneAndItsTaskNeverRuns() {
        List<String> done = new ArrayList<>();
        LoopTimers.Timer timer = timers.add(() -> done.add("ran"), HOUR);
        assertThat(timer.cancel(false)).isTrue();
        assertThat(timer.cancel(false)).isFalse();
        timer.run();
        assertThat(timer.isCancelled()).isTrue();
        assertThat(timers.next()).isEqualTo(LoopTimers.NEVER);
        assertThat(done).isEmpty();
    }

    @Test
    void aTimerThatWasTakenOutCanBeCancelledUntilItRuns() {
        List<String> done = new ArrayList<>();
        LoopTimers.Timer timer = timers.add(() -> done.add("ran"), 0);
        assertThat(poll(LoopTimers.NEVER)).isSameAs(timer);
        assertThat(timer.cancel(false)).isFalse();
        timer.run();
        assertThat(done).isEmpty();
    }

    @Test
    void theOrderHoldsWhateverIsAddedAndCancelled() {
        Random random = new Random(7);
        List<LoopTimers.Timer> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (expected.isEmpty() || random.nextInt(3) > 0) {
                expected.add(timers.add(() -> {}, random.nextLong(HOUR)));
            } else {
                LoopTimers.Timer gone = expected.remove(random.nextInt(expected.size()));
                assertThat(gone.cancel(false)).isTrue();
            }
        }
        List<Long> times = new ArrayList<>();
        for (LoopTimers.Timer timer = timers.poll(LoopTimers.NEVER);
                timer != null;
                timer = timers.poll(LoopTimers.NEVER)) {
            assertThat(timer.isDone()).isTrue();
            times.add(timer.time());
        }
        assertThat(times)
                .hasSameSizeAs(expected)
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(LoopTimers.Timer::time).toList());
    }

    private @Nullable Object poll(long now) {
        return timers.poll(now);
    }
}
