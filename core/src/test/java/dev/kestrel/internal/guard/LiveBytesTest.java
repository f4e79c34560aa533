package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Bytes that are held at a time. */
class LiveBytesTest {

    @Test
    void asManyAsTheLimitAndNoMore() {
        LiveBytes bytes = new LiveBytes(100);
        assertThat(bytes.tryAcquire(60)).isTrue();
        assertThat(bytes.tryAcquire(41)).isFalse();
        assertThat(bytes.tryAcquire(40)).isTrue();
        assertThat(bytes.tryAcquire(1)).isFalse();
        assertThat(bytes.held()).isEqualTo(100);
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        LiveBytes bytes = new LiveBytes(100);
        assertThat(bytes.tryAcquire(100)).isTrue();
        bytes.release(30);
        assertThat(bytes.tryAcquire(31)).isFalse();
        assertThat(bytes.tryAcquire(30)).isTrue();
    }

    @Test
    void amountsOfAnySizeDoNotOverflow() {
        LiveBytes bytes = new LiveBytes(100);
        assertThat(bytes.tryAcquire(50)).isTrue();
        assertThat(bytes.tryAcquire(Long.MAX_VALUE)).isFalse();
        assertThat(bytes.held()).isEqualTo(50);
    }

    @Test
    void whatWasNotTakenCanNotBeGivenBack() {
        LiveBytes bytes = new LiveBytes(100);
        assertThat(bytes.tryAcquire(10)).isTrue();
        assertThatThrownBy(() -> bytes.release(11)).isInstanceOf(IllegalStateException.class);
    }
}
