package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** First in, first out, for any number of threads at both ends. */
@Timeout(60)
class TaskQueueTest {

    private final TaskQueue queue = new TaskQueue();

    @Test
    void anEmptyQueueHasNothing() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void tasksComeOutInTheOrderInWhichTheyWentIn() {
        List<Runnable> tasks = tasks(10);
        for (int round = 0; round < 1000; round++) {
            tasks.forEach(queue::add);
            assertThat(queue.size()).isEqualTo(10);
            assertThat(drain()).containsExactlyElementsOf(tasks);
        }
    }

    @Test
    void aRingThatIsFullDoesNotEndTheQueue() {
        List<Runnable> tasks = tasks(5000);
        for (int round = 0; round < 3; round++) {
            tasks.forEach(queue::add);
            assertThat(queue.isEmpty()).isFalse();
            assertThat(drain()).containsExactlyElementsOf(tasks);
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    @Test
    void eachTaskIsTakenOnceWhoeverTakesIt() throws InterruptedException {
        int producers = 3;
        int each = 20_000;
        AtomicInteger run = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            threads.add(
                    Thread.startVirtualThread(
                            () -> {
                                for (int n = 0; n < each; n++) {
                                    queue.add(run::incrementAndGet);
                                }
                            }));
            threads.add(
                    Thread.startVirtualThread(
                            () -> {
                                while (run.get() < producers * each) {
                                    Runnable task = queue.poll();
                                    if (task == null) {
                                        Thread.yield();
                                    } else {
                                        task.run();
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(run).hasValue(producers * each);
        assertThat(queue.isEmpty()).isTrue();
    }

    private List<Runnable> drain() {
        List<Runnable> out = new ArrayList<>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            out.add(task);
        }
        return out;
    }

    private static List<Runnable> tasks(int count) {
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(
                    new Runnable() {
                        @Override
                        public void run() {}

                        @Override
                        public String toString() {
                            return "task " + number;
                        }
                    });
        }
        return tasks;
    }
}
