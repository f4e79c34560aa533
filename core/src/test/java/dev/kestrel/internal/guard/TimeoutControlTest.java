package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.MinDataRate;
import dev.kestrel.options.KestrelServerLimits;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timeouts and data rates, with a clock that is moved by hand: a beat is one second. */
class TimeoutControlTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** 240 bytes a second after 5 s of grace: the default of both directions. */
    private static final MinDataRate RATE = new MinDataRate(240, Duration.ofSeconds(5));

    private long time = Long.MAX_VALUE - 3 * SECOND; // nanoTime may overflow.
    private final List<TimeoutReason> told = new ArrayList<>();
    private final TimeoutControl timeouts = new TimeoutControl(told::add, time);

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            time += SECOND;
            timeouts.tick(time);
        }
    }

    private static long seconds(int count) {
        return count * SECOND;
    }

    @Test
    void aDeadlineFiresOnceWithItsReason() {
        timeouts.setTimeout(seconds(30), TimeoutReason.REQUEST_HEADERS);
        beats(200);
        assertThat(told).containsExactly(TimeoutReason.REQUEST_HEADERS);
    }

    @Test
    void aDeadlineIsNeverEarlyAndAtMostOneBeatLate() {
        // It may have been set right before the next beat, so a beat is added.
        timeouts.setTimeout(seconds(3), TimeoutReason.KEEP_ALIVE);
        beats(3);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.KEEP_ALIVE);
    }

    @Test
    void aCancelledDeadlineDoesNotFire() {
        timeouts.setTimeout(seconds(1), TimeoutReason.KEEP_ALIVE);
        timeouts.cancelTimeout();
        beats(10);
        assertThat(told).isEmpty();
    }

    @Test
    void aNewDeadlineTakesThePlaceOfTheOldOne() {
        timeouts.setTimeout(seconds(1), TimeoutReason.KEEP_ALIVE);
        timeouts.setTimeout(seconds(5), TimeoutReason.REQUEST_HEADERS);
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.REQUEST_HEADERS);
    }

    @Test
    void everyReasonIsToldAsItWasSet() {
        for (TimeoutReason reason : TimeoutReason.values()) {
            timeouts.setTimeout(seconds(1), reason);
            beats(2);
        }
        assertThat(told).containsExactly(TimeoutReason.values());
    }

    @Test
    void foreverNeverFires() {
        long forever = TimeoutControl.nanos(KestrelServerLimits.FOREVER);
        timeouts.setTimeout(forever, TimeoutReason.KEEP_ALIVE);
        beats(10_000);
        assertThat(told).isEmpty();
    }

    @Test
    void aLongPauseOfTheProcessCountsAsOneBeat() {
        timeouts.setTimeout(seconds(5), TimeoutReason.KEEP_ALIVE);
        time += seconds(600);
        timeouts.tick(time);
        assertThat(told).isEmpty();
        beats(4);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.KEEP_ALIVE);
    }

    @Test
    void aBodyAboveTheRateIsFine() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        for (int i = 0; i < 100; i++) {
            timeouts.bytesRead(240);
            beats(1);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aBodyBelowTheRateEndsAfterTheGraceAndIsToldOnce() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
        beats(20);
        assertThat(told).hasSize(1);
    }

    @Test
    void aFastStartPaysForASlowRest() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.bytesRead(2400);
        beats(10);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void timeInWhichTheApplicationDoesNotReadDoesNotCount() {
        timeouts.startRequestBody(RATE);
        beats(60);
        timeouts.startTimingRead();
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void waitsBetweenTwoBeatsCountAsABeat() {
        timeouts.startRequestBody(RATE);
        for (int i = 0; i < 6; i++) {
            timeouts.startTimingRead();
            timeouts.bytesRead(1);
            timeouts.stopTimingRead();
            beats(1);
        }
        assertThat(told).as("nobody waits at the beat").isEmpty();
        timeouts.startTimingRead();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void aWaitFromBeforeTheBodyDoesNotCount() {
        timeouts.startTimingRead();
        timeouts.stopTimingRead();
        timeouts.startRequestBody(RATE);
        beats(1);
        timeouts.startTimingRead();
        beats(5);
        assertThat(told).isEmpty();
    }

    @Test
    void aBodyThatIsOverIsNoLongerTimed() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        beats(4);
        timeouts.stopTimingRead();
        timeouts.stopRequestBody();
        beats(60);
        assertThat(told).isEmpty();
    }

    @Test
    void theNextBodyBeginsAnew() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.bytesRead(1_000_000);
        beats(5);
        timeouts.stopTimingRead();
        timeouts.stopRequestBody();

        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void bodiesOfOneConnectionCountTogether() {
        timeouts.startRequestBody(RATE);
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.startTimingRead();
        for (int i = 0; i < 20; i++) {
            timeouts.bytesRead(120); // of the one
            timeouts.bytesRead(120); // of the other
            beats(1);
        }
        assertThat(told).isEmpty();

        timeouts.stopTimingRead();
        timeouts.stopRequestBody();
        beats(20);
        assertThat(told)
                .as("the body that is left is still timed")
                .containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void theRateIsLeftAloneWhileADeadlineBoundsTheWait() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.setTimeout(seconds(20), TimeoutReason.REQUEST_BODY_DRAIN);
        beats(60);
        assertThat(told).first().isEqualTo(TimeoutReason.REQUEST_BODY_DRAIN);
    }

    @Test
    void aPauseOfTheProcessDoesNotMakeABodySlow() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.bytesRead(240);
        time += seconds(600);
        timeouts.tick(time);
        beats(4);
        assertThat(told).isEmpty();
    }

    @Test
    void aWriteThatIsNotTakenEndsAfterTheGrace() {
        timeouts.bytesWritten(RATE, 100);
        timeouts.startTimingWrite();
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
        beats(60);
        assertThat(told).hasSize(1);
    }

    @Test
    void aLargeWriteGetsTheTimeItsBytesTake() {
        timeouts.bytesWritten(RATE, 240 * 100);
        timeouts.startTimingWrite();
        beats(100);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void timesOfWritesAddUpButTheirGraceDoesNot() {
        for (int i = 0; i < 100; i++) {
            timeouts.bytesWritten(RATE, 240);
        }
        timeouts.startTimingWrite();
        // The first has 5 s by its grace, the 99 that follow 1 s each.
        beats(5 + 99);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void everyWriteGetsAtLeastItsGrace() {
        timeouts.bytesWritten(RATE, 10);
        timeouts.startTimingWrite();
        beats(5);
        timeouts.bytesWritten(RATE, 10);
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aWriteThatWasTakenQuicklyLeavesTimeForTheNext() {
        timeouts.bytesWritten(RATE, 240 * 60);
        timeouts.startTimingWrite();
        timeouts.stopTimingWrite();
        timeouts.bytesWritten(RATE, 240);
        timeouts.startTimingWrite();
        beats(61);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aFastDownloadDoesNotBuyHoursOfSilence() {
        for (int i = 0; i < 1000; i++) {
            timeouts.bytesWritten(RATE, 1_000_000);
            timeouts.startTimingWrite();
            timeouts.stopTimingWrite();
        }
        timeouts.bytesWritten(RATE, 1);
        timeouts.startTimingWrite();
        beats((int) (WriteRate.CARRIED_BYTES / 240) + 3);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void writesOfSeveralStreamsAreTimedUntilTheLastIsTaken() {
        timeouts.bytesWritten(RATE, 10);
        timeouts.startTimingWrite();
        timeouts.bytesWritten(RATE, 10);
        timeouts.startTimingWrite();
        timeouts.stopTimingWrite();
        beats(10);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aWriteThatWasTakenIsNotTimed() {
        timeouts.bytesWritten(RATE, 100);
        timeouts.startTimingWrite();
        timeouts.stopTimingWrite();
        beats(1000);
        assertThat(told).isEmpty();
    }

    @Test
    void aPauseOfTheProcessDoesNotMakeAWriteSlow() {
        timeouts.bytesWritten(RATE, 100);
        timeouts.startTimingWrite();
        time += seconds(600);
        timeouts.tick(time);
        beats(4);
        assertThat(told).isEmpty();
    }

    @Test
    void hugeWritesAtTinyRatesDoNotOverflow() {
        MinDataRate tiny = new MinDataRate(1e-9, Duration.ofSeconds(Long.MAX_VALUE / 2));
        for (int i = 0; i < 10; i++) {
            timeouts.bytesWritten(tiny, Long.MAX_VALUE);
        }
        timeouts.startTimingWrite();
        beats(1000);
        assertThat(told).isEmpty();
    }
}
