package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** "A virtual thread that runs whenever its loop is to look at sockets." */
@Timeout(60)
class GuestThreadTest {

    private final TestGuest guest = new TestGuest();
    private LoopGroup group;

    @BeforeEach
    void start() {
        group = LoopGroup.startWithGuests(SchedulerDoor.instance(), List.of(guest));
    }

    @AfterEach
    void end() throws InterruptedException {
        guest.ended = true;
        guest.wakeLoop();
        guest.done.await();
        group.release();
    }

    /** "The guest is on one thread always." */
    @Test
    void theGuestIsOnOneThreadThoughHandlersAreStuck() throws Exception {
        AtomicBoolean letGo = new AtomicBoolean();
        for (int i = 0; i < 3; i++) {
            CountDownLatch runs = new CountDownLatch(1);
            guest.newThread(
                            () -> {
                                runs.countDown();
                                while (!letGo.get()) {
                                    Thread.onSpinWait();
                                }
                            })
                    .start();
            runs.await();
            guest.run(() -> {});
        }
        letGo.set(true);
        guest.run(() -> {});
        assertThat(guest.threads).containsExactly(guest.thread().thread());
    }

    /** "Lets the loop run what can go on, if there is anything, before the guest does more." */
    @Test
    void othersRunWhileTheGuestLetsThem() throws Exception {
        AtomicReference<@Nullable Thread> other = new AtomicReference<>();
        AtomicBoolean ran = new AtomicBoolean();
        guest.run(
                () -> {
                    Thread thread = guest.newThread(() -> ran.set(true));
                    thread.start();
                    other.set(thread);
                    assertThat(ran).isFalse();
                    guest.thread().letOthersRun();
                    assertThat(ran).isTrue();
                });
        Objects.requireNonNull(other.get()).join();
    }

    /** "What it has started has its scheduler, too, and is a task of the loop like any other." */
    @Test
    void itStartsThreads() throws Exception {
        CountDownLatch all = new CountDownLatch(100);
        guest.run(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        Thread.startVirtualThread(
                                () -> {
                                    Thread.yield();
                                    all.countDown();
                                });
                    }
                });
        all.await();
    }

    /** "The carrier that waits for a guest that is not resting and can not go on." */
    @Test
    void whileTheGuestWaitsForALockOthersRun() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch unlock = new CountDownLatch(1);
        Thread holder = guest.newThread(holder(lock, locked, unlock::await));
        holder.start();
        locked.await();
        CountDownLatch over = new CountDownLatch(1);
        guest.begin(
                () -> {
                    take(lock);
                    over.countDown();
                });
        while (!lock.hasQueuedThread(guest.thread().thread())) {
            Thread.onSpinWait();
        }
        guest.newThread(unlock::countDown).start();
        over.await();
        holder.join();
    }

    /** Holds the lock until it is told to let go. */
    private static Runnable holder(ReentrantLock lock, CountDownLatch locked, Wait until) {
        return () -> {
            lock.lock();
            try {
                locked.countDown();
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        };
    }

    /** Waits until nobody holds the lock. */
    private static void take(ReentrantLock lock) {
        lock.lock();
        lock.unlock();
    }

    /** "A guest that can not leave its carrier keeps the loop from nothing but its sockets." */
    @Test
    void whileTheGuestKeepsItsCarrierOthersRun() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch unlock = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        AtomicBoolean letGo = new AtomicBoolean();
        guest.newThread(holder(lock, locked, unlock::await)).start();
        locked.await();
        guest.begin(
                () -> {
                    Pinned.run(() -> take(lock));
                    over.countDown();
                });
        while (!lock.hasQueuedThread(guest.thread().thread())) {
            Thread.onSpinWait();
        }
        // One that is stuck keeps none of the others, as ever.
        CountDownLatch stuck = new CountDownLatch(1);
        guest.newThread(
                        () -> {
                            stuck.countDown();
                            while (!letGo.get()) {
                                Thread.onSpinWait();
                            }
                        })
                .start();
        stuck.await();
        guest.newThread(unlock::countDown).start();
        over.await();
        letGo.set(true);
        guest.run(() -> {});
    }

    /** The same for one that nobody has woken, and a thread that waits for a time alone. */
    @Test
    void whileTheGuestKeepsItsCarrierTimersRun() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        guest.newThread(
                        holder(
                                lock,
                                locked,
                                () -> {
                                    boolean told = never.await(300, TimeUnit.MILLISECONDS);
                                    assertThat(told).isFalse();
                                }))
                .start();
        locked.await();
        guest.wishes.add(
                () -> {
                    Pinned.run(() -> take(lock));
                    over.countDown();
                });
        over.await();
    }

    /** "A guest that is in the middle of something when its loop ends goes on elsewhere." */
    @Test
    void aGuestThatWaitsWhenItsLoopEndsGoesOn() throws Exception {
        TestGuest other = new TestGuest();
        LoopGroup others = LoopGroup.startWithGuests(SchedulerDoor.instance(), List.of(other));
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            other.begin(
                    () -> {
                        take(lock);
                        // Nobody is left who could give it its turn again.
                        other.thread().letOthersRun();
                    });
            while (!lock.hasQueuedThread(other.thread().thread())) {
                Thread.onSpinWait();
            }
            others.release();
            while (!others.haveAllEnded()) {
                Thread.onSpinWait();
            }
            other.ended = true;
        } finally {
            lock.unlock();
        }
        other.done.await();
        other.thread().thread().join();
    }

    /** The same for one that rests: it looks again, for there may be something that ends it. */
    @Test
    void aGuestThatRestsWhenItsLoopEndsGoesOn() throws Exception {
        TestGuest other = new TestGuest();
        LoopGroup others = LoopGroup.startWithGuests(SchedulerDoor.instance(), List.of(other));
        others.release();
        while (!others.haveAllEnded()) {
            Thread.onSpinWait();
        }
        other.ended = true;
        other.done.await();
        other.thread().thread().join();
    }

    @Test
    void whatTheGuestIsWokenForIsNeverForgotten() throws Exception {
        for (int i = 0; i < 2000; i++) {
            CountDownLatch done = new CountDownLatch(2);
            guest.newThread(() -> guest.begin(done::countDown)).start();
            guest.begin(done::countDown);
            done.await();
        }
        assertThat(guest.threads).hasSize(1);
    }

    /** "What the guest waits after a failure", in which others run; then it is asked again. */
    @Test
    void aGuestThatFailsGoesOn() throws Exception {
        for (int i = 0; i < 3; i++) {
            guest.run(() -> guest.failures.set(2));
            guest.newThread(guest::wakeLoop).start();
            do {
                // The first may be done by a look that had begun before.
                guest.run(() -> {});
            } while (guest.failures.get() > 0);
        }
        assertThat(guest.threads).hasSize(1);
    }

    /** What somebody waits for. */
    private interface Wait {
        void await() throws InterruptedException;
    }
}
