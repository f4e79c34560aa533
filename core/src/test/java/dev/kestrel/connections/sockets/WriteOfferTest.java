package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

/** How much the system is offered, by what it took before. */
class WriteOfferTest {

    private final WriteOffer offer = new WriteOffer();

    private long offered(ByteBuffer... sources) {
        assertThat(offer.prepare(sources, sources.length)).isTrue();
        long sum = 0;
        for (int i = 0; i < offer.count(); i++) {
            sum += sources[offer.from() + i].remaining();
        }
        offer.restore();
        return sum;
    }

    /** "A system that took a part is offered twice that the next time." */
    @Test
    void aSystemThatTookLittleIsOfferedLittleUntilItTakesAll() {
        assertThat(offered(ByteBuffer.allocate(2_000_000))).isEqualTo(2_000_000);
        assertThat(offer.taken(40_000)).isFalse();
        assertThat(offered(ByteBuffer.allocate(2_000_000))).isEqualTo(80_000);
        assertThat(offer.taken(80_000)).isTrue();
        assertThat(offered(ByteBuffer.allocate(2_000_000))).isEqualTo(160_000);
        assertThat(offer.taken(160_000)).isTrue();
        assertThat(offered(ByteBuffer.allocate(2_000_000))).isEqualTo(320_000);
    }

    @Test
    void oneThatTookNothingIsOfferedSomeAgain() {
        offered(ByteBuffer.allocate(2_000_000));
        assertThat(offer.taken(0)).isFalse();
        assertThat(offered(ByteBuffer.allocate(2_000_000))).isEqualTo(64 * 1024);
    }

    @Test
    void itRunsOverSeveralBuffersAndLeavesThemWhole() {
        offered(ByteBuffer.allocate(2_000_000));
        offer.taken(50_000);
        ByteBuffer[] sources = {
            ByteBuffer.allocate(0),
            ByteBuffer.allocate(60_000),
            ByteBuffer.allocate(60_000),
            ByteBuffer.allocate(60_000)
        };
        assertThat(offered(sources)).isEqualTo(100_000);
        assertThat(offer.from()).isEqualTo(1);
        assertThat(sources[2].remaining()).isEqualTo(60_000);
    }

    /** "Nothing is copied of memory that the system can reach." */
    @Test
    void memoryThatNeedsNoCopyIsOfferedWhole() {
        offered(ByteBuffer.allocate(2_000_000));
        offer.taken(1);
        assertThat(offered(ByteBuffer.allocateDirect(300_000))).isEqualTo(300_000);
    }

    @Test
    void nothingIsLeftWhenAllWasTaken() {
        assertThat(offer.prepare(new ByteBuffer[] {ByteBuffer.allocate(0)}, 1)).isFalse();
    }
}
