package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Renting, returning, trimming and counting. */
@Timeout(60)
class MemoryPoolTest {

    private final MemoryPool pool = new MemoryPool(64);

    @Test
    void blocksHaveTheSizeOfThePool() {
        assertThat(new MemoryPool().blockSize()).isEqualTo(16_384);
        assertThat(pool.rent().capacity()).isEqualTo(64);
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryPool(63));
    }

    @Test
    void aReturnedBlockIsRentedAgainAndEmpty() {
        MemoryBlock block = pool.rent();
        block.start = 3;
        block.end = 7;
        block.next = pool.rent();
        pool.giveBack(block);
        MemoryBlock again = pool.rent();
        assertThat(again).isSameAs(block);
        assertThat(again.start()).isZero();
        assertThat(again.end()).isZero();
        assertThat(again.next).isNull();
    }

    @Test
    void theSecondReturnIsRefused() {
        MemoryBlock block = pool.rent();
        pool.giveBack(block);
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.giveBack(block))
                .withMessageContaining("twice");
    }

    @Test
    void aBlockOfAnotherPoolIsRefused() {
        MemoryBlock block = new MemoryPool(64).rent();
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.giveBack(block))
                .withMessageContaining("another pool");
    }

    @Test
    void theGaugesCount() {
        List<MemoryBlock> blocks = rent(5);
        assertThat(pool.stats()).isEqualTo(new MemoryPool.Stats(0, 5, 5, 0));
        giveBack(blocks.subList(0, 3));
        assertThat(pool.stats()).isEqualTo(new MemoryPool.Stats(3, 2, 5, 0));
        pool.rent();
        assertThat(pool.stats()).isEqualTo(new MemoryPool.Stats(2, 3, 5, 0));
    }

    @Test
    void afterLoadTheMemoryIsGivenToTheCollectorLittleByLittle() {
        giveBack(rent(1000));
        pool.trim();
        assertThat(pool.stats().pooled()).as("steady: a hundredth").isEqualTo(990);
        pool.trim();
        assertThat(pool.stats().pooled()).as("idle: a twentieth").isEqualTo(990 - 49);
        for (int i = 0; i < 200; i++) {
            pool.trim();
        }
        assertThat(pool.stats()).isEqualTo(new MemoryPool.Stats(0, 0, 1000, 1000));
    }

    @Test
    void whileLoadRisesNothingIsDropped() {
        giveBack(rent(100));
        pool.trim();
        List<MemoryBlock> held = rent(10);
        int before = pool.stats().pooled();
        pool.trim();
        assertThat(pool.stats().pooled()).isEqualTo(before);
        giveBack(held);
    }

    /** The original's rule: {@code PinnedBlockMemoryPool}. */
    @ParameterizedTest
    @CsvSource({
        "1000, 0, 0, 50", // No activity: a twentieth.
        "50, 0, 0, 10", // At least ten.
        "1000, 500, 500, 10", // Steady: a hundredth.
        "50, 500, 500, 1", // At least one.
        "1000, 500, 510, 2", // Load falls: a fifth of the difference,
        "1000, 500, 900, 10", // but at most a hundredth.
        "1000, 510, 500, 0", // Load rises: none.
    })
    void howManyBlocksAreDropped(int pooled, long rented, long returned, int expected) {
        assertThat(MemoryPool.evictionsFor(pooled, rented, returned)).isEqualTo(expected);
    }

    @Test
    void noBlockIsEverRentedByTwo() throws InterruptedException {
        Set<MemoryBlock> out =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        List<Thread> threads = new ArrayList<>();
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            long seed = t;
            threads.add(
                    Thread.startVirtualThread(
                            () -> {
                                Random random = new Random(seed);
                                List<MemoryBlock> mine = new ArrayList<>();
                                for (int i = 0; i < 5000; i++) {
                                    if (mine.isEmpty() || random.nextInt(20) > mine.size()) {
                                        MemoryBlock block = pool.rent();
                                        if (!out.add(block)) {
                                            faults.add("rented twice");
                                        }
                                        mine.add(block);
                                    } else {
                                        MemoryBlock block =
                                                mine.remove(random.nextInt(mine.size()));
                                        out.remove(block);
                                        pool.giveBack(block);
                                    }
                                    if (i % 500 == 0) {
                                        pool.trim();
                                    }
                                }
                                mine.forEach(out::remove);
                                giveBack(mine);
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(faults).isEmpty();
        MemoryPool.Stats stats = pool.stats();
        assertThat(stats.rented()).isZero();
        assertThat(stats.pooled() + stats.evicted()).isEqualTo(stats.allocated());
    }

    private List<MemoryBlock> rent(int count) {
        List<MemoryBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(pool.rent());
        }
        return blocks;
    }

    private void giveBack(List<MemoryBlock> blocks) {
        blocks.forEach(pool::giveBack);
    }
}
