package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long what is left of a stream is kept for a client. */
class StallWatchTest {

    private final StallWatch watch = new StallWatch(3, 7);

    /** "How long a client may take nothing of its connection." */
    @Test
    void aClientThatTakesNothingIsStalled() {
        assertThat(watch.isOver(3, 7)).isTrue();
    }

    /** "A stream that waits while the client takes something of others is not stalled." */
    @Test
    void aStreamThatWaitsForOthersIsNot() {
        assertThat(watch.isOver(3, 8)).isFalse();
        assertThat(watch.isOver(3, 9)).isFalse();
        assertThat(watch.isOver(3, 9)).isTrue();
    }

    /** "But that is no excuse for ever." */
    @Test
    void othersAreNoExcuseForEver() {
        for (int turn = 1; turn < StallWatch.MOST_TURNS; turn++) {
            assertThat(watch.isOver(3, 7 + turn)).isFalse();
        }
        assertThat(watch.isOver(3, 100)).isTrue();
    }

    /** Whoever takes a piece now and then has the time anew. */
    @Test
    void aStreamThatMovesHasItsTimeAnew() {
        for (int turn = 1; turn < 3 * StallWatch.MOST_TURNS; turn++) {
            assertThat(watch.isOver(3 + turn / 2, 7 + turn)).isFalse();
        }
    }
}
