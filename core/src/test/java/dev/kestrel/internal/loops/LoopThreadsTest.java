package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that a loop carries may do whatever a virtual thread may. */
@Timeout(60)
class LoopThreadsTest {

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private LoopPlace loop;
    private Readiness place;

    @BeforeEach
    void start() throws IOException {
        loop = new LoopPlace(1);
        place = loop.place;
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        assertThat(failure.get()).isNull();
    }

    @Test
    void itSleepsAndParksForATime() throws Exception {
        run(
                () -> {
                    Thread.sleep(1);
                    LockSupport.parkNanos(1);
                    Thread.yield();
                });
    }

    @Test
    void itTakesTurnsWithAPlatformThread() throws Exception {
        SynchronousQueue<Integer> there = new SynchronousQueue<>();
        SynchronousQueue<Integer> back = new SynchronousQueue<>();
        Thread thread =
                start(
                        () -> {
                            for (int i = 0; i < 1000; i++) {
                                back.put(there.take() + 1);
                            }
                        });
        for (int i = 0; i < 1000; i++) {
            there.put(i);
            assertThat(back.take()).isEqualTo(i + 1);
        }
        thread.join();
    }

    @Test
    void itWaitsForALockAndForAMonitor() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        Thread thread;
        lock.lock();
        try {
            synchronized (monitor) {
                thread =
                        start(
                                () -> {
                                    lock.lock();
                                    lock.unlock();
                                    synchronized (monitor) {
                                        lock.lock();
                                        lock.unlock();
                                    }
                                });
                while (!lock.hasQueuedThread(thread)) {
                    Thread.onSpinWait();
                }
                lock.unlock();
                while (thread.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                lock.lock();
            }
        } finally {
            lock.unlock();
        }
        thread.join();
    }

    @Test
    void itWaitsToBeNotifiedWithAndWithoutATime() throws Exception {
        Object monitor = new Object();
        run(
                () -> {
                    synchronized (monitor) {
                        monitor.wait(1);
                    }
                });
        AtomicReference<@Nullable String> word = new AtomicReference<>();
        Thread thread =
                start(
                        () -> {
                            synchronized (monitor) {
                                while (word.get() == null) {
                                    monitor.wait();
                                }
                            }
                        });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        synchronized (monitor) {
            word.set("go on");
            monitor.notifyAll();
        }
        thread.join();
    }

    @Test
    void itReadsAndWritesFiles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        run(
                () -> {
                    Files.write(file, new byte[100_000]);
                    assertThat(Files.readAllBytes(file)).hasSize(100_000);
                });
    }

    @Test
    void itStartsThreadsAndWaitsForThem() throws Exception {
        run(
                () -> {
                    CountDownLatch all = new CountDownLatch(100);
                    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        for (int i = 0; i < 100; i++) {
                            executor.execute(all::countDown);
                        }
                    }
                    all.await();
                    Thread platform = Thread.ofPlatform().start(() -> {});
                    platform.join();
                });
    }

    @Test
    void itCanBeInterrupted() throws Exception {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread thread =
                start(
                        () -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                seen.set(e);
                            }
                        });
        thread.interrupt();
        thread.join();
        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        // The interrupt has not stayed with the carrier.
        run(() -> assertThat(Thread.currentThread().isInterrupted()).isFalse());
    }

    @Test
    void whatItThrowsEndsItAlone() throws Exception {
        Thread thread =
                place.newThread(
                        () -> {
                            throw new StackOverflowError("made up");
                        });
        thread.setUncaughtExceptionHandler((ended, error) -> {});
        thread.start();
        thread.join();
        run(() -> {});
    }

    @Test
    void aFailedAssertionOfTheseTestsIsSeen() {
        assertThatThrownBy(() -> run(() -> assertThat(1).isEqualTo(2)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void itsStackIsInADumpOfAllThreads(@TempDir Path directory) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Thread thread = place.newThread(() -> waitHere(released));
        thread.setName("a thread of a loop");
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(thread.getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("waitHere"));
        Path dump = directory.resolve("threads");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        released.countDown();
        thread.join();
        assertThat(Files.readString(dump)).contains("a thread of a loop", "waitHere");
    }

    private static void waitHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void run(Work work) throws InterruptedException {
        AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
        start(work, problem).join();
        if (problem.get() instanceof Error error) {
            throw error;
        }
        assertThat(problem.get()).isNull();
    }

    private Thread start(Work work) {
        return start(work, failure);
    }

    private Thread start(Work work, AtomicReference<@Nullable Throwable> problem) {
        Thread thread =
                place.newThread(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable e) {
                                problem.set(e);
                            }
                        });
        thread.start();
        return thread;
    }

    private interface Work {
        void run() throws Exception;
    }
}
