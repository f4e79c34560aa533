package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.MinDataRate;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses that wait for flow-control window, and request bodies that wait because the server
 * gives none. A beat is one second.
 */
class ResponseStallTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final MinDataRate RATE = new MinDataRate(240, Duration.ofSeconds(5));

    private long time;
    private final List<TimeoutReason> told = new ArrayList<>();
    private final TimeoutControl timeouts = new TimeoutControl(told::add, time);

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            time += SECOND;
            timeouts.tick(time);
        }
    }

    @Test
    void aStallThatNothingEndsIsToldAfterTheGrace() {
        timeouts.startResponseStall(RATE);
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    /** CVE-2026-49975: "a stall timeout that a dripping WINDOW_UPDATE cannot reset". */
    @Test
    void windowInDripsDoesNotBeginTheTimeAnew() {
        for (int second = 0; second < 5; second++) {
            for (int drip = 0; drip < 10; drip++) {
                timeouts.startResponseStall(RATE);
                timeouts.stopResponseStall();
                timeouts.bytesReleased(1);
            }
            timeouts.startResponseStall(RATE);
            beats(1);
            timeouts.stopResponseStall();
            timeouts.bytesReleased(1);
        }
        assertThat(told).isEmpty();
        timeouts.startResponseStall(RATE);
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void windowAtTheRateIsFine() {
        timeouts.startResponseStall(RATE);
        for (int second = 0; second < 1000; second++) {
            timeouts.stopResponseStall();
            timeouts.bytesReleased(240);
            timeouts.startResponseStall(RATE);
            beats(1);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void timeInWhichNoResponseWaitsDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            timeouts.startResponseStall(RATE);
            beats(5);
            timeouts.stopResponseStall();
            beats(10);
        }
        assertThat(told).as("each wait had all of its grace").isEmpty();
        timeouts.startResponseStall(RATE);
        beats(6);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aWaitThatIsOverWithinABeatIsNoNewBeginning() {
        timeouts.startResponseStall(RATE);
        beats(5);
        timeouts.stopResponseStall();
        beats(1); // it waited during this beat
        timeouts.startResponseStall(RATE);
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aFastStartBuysNoMoreThanTheBytesThatMayLieInBuffers() {
        timeouts.bytesReleased(1_000_000_000);
        timeouts.startResponseStall(RATE);
        int bought = (int) (WriteRate.CARRIED_BYTES / 240);
        beats(bought);
        assertThat(told).isEmpty();
        beats(8);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void manyFastStartsBuyNoMoreThanOne() {
        for (int i = 0; i < 100; i++) {
            timeouts.bytesReleased(1_000_000);
            timeouts.startResponseStall(RATE);
            beats(1);
            timeouts.stopResponseStall();
            beats(2);
        }
        timeouts.startResponseStall(RATE);
        beats((int) (WriteRate.CARRIED_BYTES / 240) + 8);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void waitsOfSeveralResponsesCountOnce() {
        for (int i = 0; i < 100; i++) {
            timeouts.startResponseStall(RATE);
        }
        beats(5);
        assertThat(told).isEmpty();
        for (int i = 0; i < 99; i++) {
            timeouts.stopResponseStall();
        }
        beats(1);
        assertThat(told).as("one still waits").containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aConnectionOnWhichNothingWaitsIsNeverTold() {
        beats(1000);
        timeouts.bytesReleased(1);
        beats(1000);
        assertThat(told).isEmpty();
    }

    @Test
    void aPauseOfTheProcessCountsAsOneBeat() {
        timeouts.startResponseStall(RATE);
        time += 600 * SECOND;
        timeouts.tick(time);
        beats(4);
        assertThat(told).isEmpty();
    }

    @Test
    void aWaitForTheSocketAndAStallAreToldOnceATick() {
        timeouts.bytesWritten(RATE, 10);
        timeouts.startTimingWrite();
        timeouts.startResponseStall(RATE);
        beats(6);
        assertThat(told).containsExactly(TimeoutReason.WRITE_DATA_RATE);
    }

    /** Row 181: "slow body because the server itself closed the connection window: not counted". */
    @Test
    void aBodyThatTheServerHoldsBackIsNotSlow() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.inputBackPressure(true);
        beats(1000);
        assertThat(told).isEmpty();
    }

    @Test
    void whenTheServerTakesBytesAgainTheBodyHasItsGrace() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        timeouts.inputBackPressure(true);
        beats(10);
        timeouts.inputBackPressure(false);
        beats(1); // part of this beat may still be the server's
        beats(5);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }

    @Test
    void shortBackPressureExcusesItsBeatAlone() {
        timeouts.startRequestBody(RATE);
        timeouts.startTimingRead();
        beats(3);
        timeouts.inputBackPressure(true);
        timeouts.inputBackPressure(false);
        beats(3);
        assertThat(told).isEmpty();
        beats(1);
        assertThat(told).containsExactly(TimeoutReason.READ_DATA_RATE);
    }
}
