package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** A test of one pipe, whose writer waits at 100 bytes and goes on below 50. */
abstract class OnePipe {

    final MemoryPool pool = new MemoryPool(64);
    final Pipe pipe = new Pipe(pool, new PipeOptions(100, 50));
    final PipeReader reader = pipe.reader();
    final PipeWriter writer = pipe.writer();

    @AfterEach
    void everyBlockIsReturnedOnceBothEndsAreCompleted() {
        writer.complete();
        reader.complete();
        assertThat(pool.stats().rented()).isZero();
    }

    /** Writes so many bytes and flushes, on a thread of its own. */
    Thread flushInBackground(int count, AtomicReference<Object> outcome) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        writer.write(new byte[count]);
                        outcome.set(writer.flush());
                    } catch (IOException e) {
                        outcome.set(e);
                    }
                });
    }

    /** The thread has nothing else to wait on than the pipe. */
    static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(thread.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
