package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Runs what it is told to, and waits in the way that the event loop of a library does. */
final class TestGuest implements LoopGuest {

    final ConcurrentLinkedQueue<Runnable> wishes = new ConcurrentLinkedQueue<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final CountDownLatch done = new CountDownLatch(1);
    final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable GuestThread thread;
    private volatile boolean waiting;
    volatile boolean ended;

    @Override
    public void begin(GuestThread given) {
        thread = given;
    }

    GuestThread thread() {
        return Objects.requireNonNull(thread);
    }

    Thread newThread(Runnable task) {
        return thread().newThread(task);
    }

    void wakeLoop() {
        thread().wakeLoop();
    }

    /** Has the guest do something, on its thread. */
    void begin(Runnable wish) {
        wishes.add(wish);
        wakeLoop();
    }

    /** The same, and waits for it. */
    void run(Runnable wish) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
        begin(
                () -> {
                    try {
                        wish.run();
                    } catch (RuntimeException | AssertionError e) {
                        problem.set(e);
                    } finally {
                        over.countDown();
                    }
                });
        over.await();
        assertThat(problem.get()).isNull();
    }

    @Override
    public boolean look() {
        threads.add(Thread.currentThread());
        failIfAsked();
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.run();
            failIfAsked();
        }
        if (ended) {
            done.countDown();
            return false;
        }
        waiting = true;
        if (thread().mayWait() && wishes.isEmpty()) {
            // It keeps its carrier, as a wait in native code does.
            while (waiting && wishes.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        waiting = false;
        return true;
    }

    private void failIfAsked() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("a failure that a test has asked for");
        }
    }

    @Override
    public void wakeUp() {
        waiting = false;
    }
}
