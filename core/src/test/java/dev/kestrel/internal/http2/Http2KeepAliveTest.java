package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.http2.Http2KeepAlive.Action;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Idle connections and clients that are gone: every state with every event. A beat is a second. */
class Http2KeepAliveTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Duration FOREVER = KestrelServerLimits.FOREVER;

    private long time = Long.MAX_VALUE - 3 * SECOND; // nanoTime may overflow.

    private Http2KeepAlive keepAlive(Duration idle, Duration delay, Duration timeout) {
        return new Http2KeepAlive(
                idle,
                Http2Limits.builder()
                        .keepAlivePingDelay(delay)
                        .keepAlivePingTimeout(timeout)
                        .build(),
                time);
    }

    /** Pings after 10 s, waits 20 s, never idle. */
    private Http2KeepAlive pinging() {
        return keepAlive(FOREVER, Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    private Action tick(Http2KeepAlive keepAlive) {
        return tick(keepAlive, false, false);
    }

    private Action tick(Http2KeepAlive keepAlive, boolean active, boolean blocked) {
        time += SECOND;
        return keepAlive.tick(time, active, blocked);
    }

    /** Ticks until something is to be done: how many ticks it took, null for never. */
    private @Nullable Integer ticksUntil(Http2KeepAlive keepAlive, Action action) {
        for (int i = 1; i <= 1000; i++) {
            Action next = tick(keepAlive);
            if (next != Action.NONE) {
                assertThat(next).isEqualTo(action);
                return i;
            }
        }
        return null;
    }

    private Http2KeepAlive pinged() {
        Http2KeepAlive keepAlive = pinging();
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
        return keepAlive;
    }

    // Idle.

    @Test
    void row170And171_aConnectionOnWhichNothingCameIsIdleAfterTheTimeout() {
        Http2KeepAlive keepAlive =
                new Http2KeepAlive(Duration.ofSeconds(130), Http2Limits.defaults(), time);
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(130);
    }

    @Test
    void row172_idleBeginsWhenTheLastStreamEnds() {
        Http2KeepAlive keepAlive = keepAlive(Duration.ofSeconds(130), FOREVER, FOREVER);
        for (int i = 0; i < 500; i++) {
            assertThat(tick(keepAlive, true, false)).isEqualTo(Action.NONE);
        }
        // The stream may have ended right before this tick.
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(130);
    }

    @Test
    void row173_anyFrameBeginsTheIdleTimeAnew() {
        Http2KeepAlive keepAlive = keepAlive(Duration.ofSeconds(130), FOREVER, FOREVER);
        for (int i = 0; i < 10; i++) {
            for (int second = 0; second < 129; second++) {
                assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
            }
            keepAlive.frameReceived();
            assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        }
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(130);
    }

    @Test
    void answersToTheServersPingsDoNotKeepAConnectionForEver() {
        Http2KeepAlive keepAlive =
                keepAlive(Duration.ofSeconds(130), Duration.ofSeconds(10), Duration.ofSeconds(20));
        for (int second = 1; second < 130; second++) {
            if (tick(keepAlive) == Action.SEND_PING) {
                keepAlive.pingAnswered();
            }
        }
        assertThat(tick(keepAlive)).isEqualTo(Action.IDLE_TIMED_OUT);
    }

    @Test
    void idleForeverIsNever() {
        Http2KeepAlive keepAlive = keepAlive(FOREVER, FOREVER, FOREVER);
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isNull();
    }

    @Test
    void idleInPingedEndsTheConnectionInGoodOrder() {
        Http2KeepAlive keepAlive =
                keepAlive(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(5);
    }

    @Test
    void idleGoesFirstWhenAPingIsDueAtTheSameTick() {
        Http2KeepAlive keepAlive =
                keepAlive(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(10);
    }

    @Test
    void aPauseOfTheProcessCountsAsOneBeat() {
        Http2KeepAlive keepAlive = keepAlive(Duration.ofSeconds(10), FOREVER, FOREVER);
        time += 600 * SECOND;
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.IDLE_TIMED_OUT)).isEqualTo(9);
    }

    // QUIET.

    @Test
    void row184_withoutADelayThereIsNoPing() {
        Http2KeepAlive keepAlive = keepAlive(FOREVER, FOREVER, Duration.ofSeconds(20));
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isNull();
    }

    @Test
    void row185_silenceForTheDelaySendsOnePing() {
        Http2KeepAlive keepAlive = pinged();
        for (int i = 0; i < 20; i++) {
            assertThat(tick(keepAlive)).as("no second one until the ACK").isEqualTo(Action.NONE);
        }
    }

    @Test
    void aFrameInQuietBeginsTheDelayAnew() {
        Http2KeepAlive keepAlive = pinging();
        for (int i = 0; i < 9; i++) {
            tick(keepAlive);
        }
        keepAlive.frameReceived();
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
    }

    @Test
    void anAnswerInQuietBeginsTheDelayAnew() {
        Http2KeepAlive keepAlive = pinging();
        for (int i = 0; i < 9; i++) {
            tick(keepAlive);
        }
        keepAlive.pingAnswered();
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
    }

    @Test
    void streamsDoNotKeepTheServerFromPinging() {
        Http2KeepAlive keepAlive = pinging();
        for (int i = 0; i < 9; i++) {
            assertThat(tick(keepAlive, true, false)).isEqualTo(Action.NONE);
        }
        assertThat(tick(keepAlive, true, false)).isEqualTo(Action.SEND_PING);
    }

    @Test
    void row188_noPingWhileTheServerItselfBlocksInput() {
        Http2KeepAlive keepAlive = pinging();
        for (int i = 0; i < 100; i++) {
            assertThat(tick(keepAlive, true, true)).isEqualTo(Action.NONE);
        }
        assertThat(tick(keepAlive)).as("blocked for part of the beat").isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
    }

    // PINGED.

    @Test
    void row186_noAnswerWithinTheTimeoutEndsTheConnection() {
        // Asked for at a tick, the PING leaves right after it: at 20 s it may not be 20 s old.
        assertThat(ticksUntil(pinged(), Action.PING_TIMED_OUT)).isEqualTo(21);
    }

    @Test
    void row185_theAnswerInPingedBeginsTheDelayAnew() {
        Http2KeepAlive keepAlive = pinged();
        keepAlive.pingAnswered();
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
    }

    @Test
    void row187_anyOtherFrameInPingedBeginsTheDelayAnew() {
        Http2KeepAlive keepAlive = pinged();
        for (int i = 0; i < 20; i++) {
            tick(keepAlive);
        }
        keepAlive.frameReceived();
        assertThat(tick(keepAlive)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
    }

    @Test
    void row188_noTimeoutWhileTheServerItselfBlocksInput() {
        Http2KeepAlive keepAlive = pinged();
        for (int i = 0; i < 100; i++) {
            assertThat(tick(keepAlive, true, true)).isEqualTo(Action.NONE);
        }
        assertThat(tick(keepAlive)).as("blocked for part of the beat").isEqualTo(Action.NONE);
        assertThat(ticksUntil(keepAlive, Action.PING_TIMED_OUT)).isEqualTo(21);
    }

    @Test
    void row189_withoutATimeoutThePingIsWaitedForForEver() {
        Http2KeepAlive keepAlive = keepAlive(FOREVER, Duration.ofSeconds(10), FOREVER);
        assertThat(ticksUntil(keepAlive, Action.SEND_PING)).isEqualTo(10);
        assertThat(ticksUntil(keepAlive, Action.PING_TIMED_OUT)).isNull();
    }

    // ENDED.

    @Test
    void afterAPingThatIsNotAnsweredNothingHappensAnyMore() {
        Http2KeepAlive gone = pinged();
        ticksUntil(gone, Action.PING_TIMED_OUT);
        assertThat(ticksUntil(gone, Action.NONE)).isNull();
        gone.frameReceived();
        gone.pingAnswered();
        assertThat(tick(gone, false, true)).isEqualTo(Action.NONE);
        assertThat(ticksUntil(gone, Action.NONE)).isNull();
    }

    /** The frame loop may be at work with the frame that keeps the connection. */
    @Test
    void anIdleConnectionIsToldUntilAFrameComes() {
        Http2KeepAlive idle = keepAlive(Duration.ofSeconds(5), Duration.ofSeconds(8), FOREVER);
        assertThat(ticksUntil(idle, Action.IDLE_TIMED_OUT)).isEqualTo(5);
        assertThat(tick(idle)).isEqualTo(Action.IDLE_TIMED_OUT);
        idle.frameReceived();
        assertThat(ticksUntil(idle, Action.IDLE_TIMED_OUT)).isEqualTo(6);
    }
}
