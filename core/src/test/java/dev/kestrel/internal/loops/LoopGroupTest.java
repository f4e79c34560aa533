package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Who carries the threads of a loop, also when one of them does not let go of its carrier. */
@Timeout(60)
class LoopGroupTest {

    private LoopPlace loop;
    private final List<Thread> started = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    @BeforeEach
    void start() throws IOException {
        loop = new LoopPlace(1);
    }

    @AfterEach
    void end() throws Exception {
        for (Thread thread : started) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        loop.close();
    }

    @Test
    void threadsOfALoopAreCarriedByOneThread() throws Exception {
        List<String> carriers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            run(() -> carriers.add(carrier())).join();
        }
        assertThat(carriers).hasSize(10).containsOnly("kestrel-loop-1");
    }

    @Test
    void threadsThatTheyStartAreCarriedByTheSame() throws Exception {
        AtomicReference<String> child = new AtomicReference<>("");
        run(() -> Thread.ofVirtual().start(() -> child.set(carrier())).join()).join();
        assertThat(child.get()).isEqualTo("kestrel-loop-1");
    }

    /** "a handler that spins must not delay other connections" */
    @Test
    void aThreadThatComputesKeepsNobodyFromGoingOn() throws Exception {
        AtomicBoolean released = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        Thread busy =
                run(
                        () -> {
                            spinning.countDown();
                            while (!released.get()) {
                                Thread.onSpinWait();
                            }
                        });
        spinning.await();
        run(() -> {}).join();
        assertThat(busy.isAlive()).isTrue();
        released.set(true);
        busy.join();
        // The loop goes on with the carrier that it was given to.
        run(() -> {}).join();
    }

    @Test
    void manyThreadsThatComputeKeepNobodyFromGoingOn() throws Exception {
        AtomicBoolean released = new AtomicBoolean();
        for (int i = 0; i < 20; i++) {
            run(
                    () -> {
                        while (!released.get()) {
                            Thread.onSpinWait();
                        }
                    });
        }
        run(() -> released.set(true)).join();
    }

    @Test
    void aThreadThatBlocksItsCarrierKeepsNobodyFromGoingOn() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Thread pinned = run(() -> Pinned.run(() -> await(released)));
        run(released::countDown).join();
        pinned.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void socketsAreLookedAtWhileAThreadComputes() throws Exception {
        AtomicBoolean released = new AtomicBoolean();
        Thread reader = run(loop.place::awaitReadable);
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        CountDownLatch spinning = new CountDownLatch(1);
        run(
                () -> {
                    spinning.countDown();
                    while (!released.get()) {
                        Thread.onSpinWait();
                    }
                });
        spinning.await();
        loop.send(1);
        reader.join();
        released.set(true);
    }

    @Test
    void whatIsLeftWhenTheLoopsEndGoesOnElsewhere() throws Exception {
        CountDownLatch before = new CountDownLatch(1);
        AtomicReference<String> carrier = new AtomicReference<>("");
        Thread left =
                run(
                        () -> {
                            before.await();
                            carrier.set(carrier());
                        });
        while (left.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        loop.close();
        loop.awaitEnd();
        before.countDown();
        left.join();
        assertThat(carrier.get()).startsWith("ForkJoinPool");
        assertThat(loop.group.retain()).isFalse();
        start();
    }

    @Test
    void whoSleepsWhenTheLoopsEndIsWokenElsewhere() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<String> carrier = new AtomicReference<>("");
        Thread left =
                run(
                        () -> {
                            while (!ended.get()) {
                                Thread.sleep(1);
                            }
                            carrier.set(carrier());
                        });
        while (left.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        loop.close();
        loop.awaitEnd();
        ended.set(true);
        left.join();
        assertThat(carrier.get()).startsWith("ForkJoinPool");
        start();
    }

    /** A carrier that waits for a monitor behind a thread that it carries would wait in vain. */
    @Test
    void aVirtualThreadLeavesClosingAChannelToItsLoop() throws Exception {
        AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        SelectableChannel channel =
                new AbstractSelectableChannel(SelectorProvider.provider()) {
                    @Override
                    protected void implCloseSelectableChannel() {
                        closer.set(Thread.currentThread());
                        closed.countDown();
                    }

                    @Override
                    protected void implConfigureBlocking(boolean block) {}

                    @Override
                    public int validOps() {
                        return SelectionKey.OP_READ;
                    }
                };
        Readiness place = Objects.requireNonNull(loop.group.add(channel));
        run(place::close).join();
        closed.await();
        assertThat(Objects.requireNonNull(closer.get()).isVirtual()).isFalse();
        place.release();
    }

    @Test
    void theThreadsOfAGroupEndWithIt() throws Exception {
        loop.close();
        loop.awaitEnd();
        while (loop.group.carriers() > 0) {
            Thread.onSpinWait();
        }
        start();
    }

    @Test
    void aChannelThatIsClosedWhenItIsFoundReadyDisturbsNobody() throws Exception {
        try (Selector selector = Selector.open()) {
            SelectionKey key = loop.pipe.source().register(selector, 0);
            key.cancel();
            loop.place.ready(key, true);
        }
    }

    @Test
    void channelsAreSpreadOverTheLoops() throws Exception {
        loop.close();
        loop = new LoopPlace(2);
        Readiness second = Objects.requireNonNull(loop.group.add(loop.pipe.source()));
        AtomicReference<String> here = new AtomicReference<>("");
        AtomicReference<String> there = new AtomicReference<>("");
        run(() -> here.set(carrier())).join();
        Thread other = second.newThread(() -> there.set(carrier()));
        other.start();
        other.join();
        second.release();
        assertThat(List.of(here.get(), there.get()))
                .containsExactlyInAnyOrder("kestrel-loop-1", "kestrel-loop-2");
    }

    private Thread run(Work work) {
        Thread thread =
                loop.place.newThread(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable e) {
                                failure.set(e);
                            }
                        });
        started.add(thread);
        thread.start();
        return thread;
    }

    /** The name of the thread under this virtual one, which its text ends with. */
    private static String carrier() {
        String text = Thread.currentThread().toString();
        return text.substring(text.indexOf('@') + 1);
    }

    private interface Work {
        void run() throws Exception;
    }
}
