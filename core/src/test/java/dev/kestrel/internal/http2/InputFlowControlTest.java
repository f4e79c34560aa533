package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

/** What the peer may still send (RFC 9113 section 5.2). */
class InputFlowControlTest {

    private static final int MAX = Integer.MAX_VALUE;

    private final InputFlowControl input = new InputFlowControl(100);

    @Test
    void thePeerMaySendTheWholeWindowAndNotAByteMore() {
        assertThat(input.tryReceive(60)).isTrue();
        assertThat(input.tryReceive(41)).isFalse();
        assertThat(input.tryReceive(40)).isTrue();
        assertThat(input.tryReceive(1)).isFalse();
        assertThat(input.tryReceive(0)).isTrue();
    }

    @Test
    void releasedBytesAreAnnouncedTogetherOnceTheyAreHalfOfTheWindow() {
        assertThat(input.tryReceive(100)).isTrue();
        assertThat(input.release(20)).isZero();
        assertThat(input.release(29)).isZero();
        assertThat(input.release(1)).isEqualTo(50);
        assertThat(input.release(49)).isZero();
        assertThat(input.release(1)).isEqualTo(50);
    }

    @Test
    void whatWasNotAnnouncedIsNotThePeersYet() {
        assertThat(input.tryReceive(100)).isTrue();
        assertThat(input.release(49)).isZero();
        assertThat(input.tryReceive(1)).isFalse();
        assertThat(input.release(1)).isEqualTo(50);
        assertThat(input.tryReceive(51)).isFalse();
        assertThat(input.tryReceive(50)).isTrue();
    }

    @Test
    void releasingNothingAnnouncesNothing() {
        InputFlowControl one = new InputFlowControl(1);
        assertThat(one.release(0)).isZero();
        assertThat(one.tryReceive(1)).isTrue();
        assertThat(one.release(0)).isZero();
        assertThat(one.release(1)).isOne();
    }

    /** RFC 9113 section 6.9.1: "A sender MUST NOT allow a flow-control window to exceed 2^31-1". */
    @Test
    void theLargestWindowKeepsItsSize() {
        InputFlowControl largest = new InputFlowControl(MAX);
        assertThat(largest.tryReceive(MAX)).isTrue();
        assertThat(largest.tryReceive(1)).isFalse();
        assertThat(largest.release(MAX / 2 - 1)).isZero();
        assertThat(largest.release(MAX - MAX / 2 + 1)).isEqualTo(MAX);
        assertThat(largest.tryReceive(MAX)).isTrue();
        assertThat(largest.stop()).isEqualTo(MAX);
    }

    @Test
    void itIsLowWhileLessThanHalfOfTheWindowIsLeft() {
        assertThat(input.tryReceive(50)).isTrue();
        assertThat(input.isLow()).isFalse();
        assertThat(input.tryReceive(1)).isTrue();
        assertThat(input.isLow()).isTrue();
        assertThat(input.release(50)).isEqualTo(50);
        assertThat(input.isLow()).isFalse();
    }

    @Test
    void stoppingTellsWhatCameAndWasNotReleased() {
        assertThat(input.tryReceive(90)).isTrue();
        assertThat(input.release(30)).isZero();
        assertThat(input.stop()).isEqualTo(60);
    }

    @Test
    void announcedBytesAreNotToldAgain() {
        assertThat(input.tryReceive(90)).isTrue();
        assertThat(input.release(70)).isEqualTo(70);
        assertThat(input.tryReceive(15)).isTrue();
        assertThat(input.stop()).isEqualTo(35);
    }

    @Test
    void afterTheStopNothingIsTakenReleasedOrToldAgain() {
        assertThat(input.tryReceive(90)).isTrue();
        assertThat(input.stop()).isEqualTo(90);
        assertThat(input.isStopped()).isTrue();
        assertThat(input.release(90)).isEqualTo(InputFlowControl.STOPPED);
        assertThat(input.tryReceive(0)).isFalse();
        assertThat(input.stop()).isZero();
    }

    @Test
    void aResetMakesItNew() {
        assertThat(input.tryReceive(90)).isTrue();
        assertThat(input.stop()).isEqualTo(90);
        input.reset(10);
        assertThat(input.isStopped()).isFalse();
        assertThat(input.tryReceive(11)).isFalse();
        assertThat(input.tryReceive(10)).isTrue();
        assertThat(input.release(5)).isEqualTo(5);
    }

    /** "Given back exactly once", while one thread receives, one reads and one ends the stream. */
    @Test
    void whoeverEndsAStreamEveryByteIsGivenBackOnce() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            InputFlowControl stream = new InputFlowControl(1_000_000);
            AtomicLong receivedBytes = new AtomicLong();
            AtomicLong givenBack = new AtomicLong();
            Thread reader =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        long read = 0;
                                        while (!stream.isStopped()) {
                                            Thread.yield();
                                            if (read < receivedBytes.get()) {
                                                read++;
                                                if (stream.release(1) != InputFlowControl.STOPPED) {
                                                    givenBack.incrementAndGet();
                                                }
                                            }
                                        }
                                    });
            int stopAt = round % 20;
            Thread ender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (receivedBytes.get() < stopAt) {
                                            Thread.yield();
                                        }
                                        givenBack.addAndGet(stream.stop());
                                    });
            while (stream.tryReceive(1)) {
                receivedBytes.incrementAndGet();
            }
            reader.join();
            ender.join();
            assertThat(givenBack.get()).isEqualTo(receivedBytes.get());
        }
    }
}
