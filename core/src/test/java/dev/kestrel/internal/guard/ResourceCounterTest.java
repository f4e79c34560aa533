package dev.kestrel.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class ResourceCounterTest {

    @Test
    void aQuotaIsGivenOutAndNotMore() {
        ResourceCounter counter = new ResourceCounter(2);
        assertThat(counter.tryAcquire()).isTrue();
        assertThat(counter.tryAcquire()).isTrue();
        assertThat(counter.tryAcquire()).isFalse();
        assertThat(counter.count()).isEqualTo(2);
        counter.release();
        assertThat(counter.tryAcquire()).isTrue();
    }

    @Test
    void aQuotaOfZeroGivesNothing() {
        assertThat(new ResourceCounter(0).tryAcquire()).isFalse();
    }

    @Test
    void belowZeroThereIsNoLimitButACount() {
        ResourceCounter counter = new ResourceCounter(-1);
        for (int i = 0; i < 1000; i++) {
            assertThat(counter.tryAcquire()).isTrue();
        }
        assertThat(counter.count()).isEqualTo(1000);
    }

    @Test
    void givingBackMoreThanWasTakenIsAnError() {
        assertThatIllegalStateException().isThrownBy(() -> new ResourceCounter(1).release());
    }

    @Test
    void manyThreadsNeverHoldMoreThanTheQuota() throws InterruptedException {
        ResourceCounter counter = new ResourceCounter(3);
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(8);
        for (int t = 0; t < 8; t++) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                for (int i = 0; i < 10_000; i++) {
                                    if (counter.tryAcquire()) {
                                        most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                                        holders.decrementAndGet();
                                        counter.release();
                                    }
                                }
                                done.countDown();
                            });
        }
        done.await();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(counter.count()).isZero();
    }
}
