package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.MemoryPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A body between frame loop and application; the test's thread is the frame loop. */
@Timeout(30)
abstract class RequestBodyTesting {

    static final int STREAM = 5;
    static final int STREAM_WINDOW = 100;
    static final int CONNECTION_WINDOW = 1000;
    static final long SECOND = Duration.ofSeconds(1).toNanos();
    static final MinDataRate RATE = new MinDataRate(240, Duration.ofSeconds(5));

    final MemoryPool pool = new MemoryPool(64);
    final List<TimeoutReason> timeouts = new CopyOnWriteArrayList<>();
    final TimeoutControl clock = new TimeoutControl(timeouts::add, 0);
    final InputFlowControl connection = new InputFlowControl(CONNECTION_WINDOW);
    final List<String> updates = new CopyOnWriteArrayList<>();
    final Http2RequestBody body =
            new Http2RequestBody(
                    pool, clock, connection, (id, increment) -> updates.add(id + ":" + increment));
    long time;

    @AfterEach
    void nothingIsLeft() {
        body.recycle();
        assertThat(pool.stats().rented()).isZero();
    }

    void begin(long contentLength) {
        body.begin(STREAM, STREAM_WINDOW, contentLength);
    }

    void data(String text) throws IOException {
        data(text, 0);
    }

    void data(String text, int padding) throws IOException {
        int length = text.length() + padding;
        assertThat(connection.tryReceive(length)).isTrue();
        body.receive(ByteSequence.of(text.getBytes(StandardCharsets.US_ASCII)), length);
    }

    String read(int count) throws IOException {
        byte[] target = new byte[count];
        int n = body.read(target, 0, count);
        return n < 0 ? "(end)" : new String(target, 0, n, StandardCharsets.US_ASCII);
    }

    /** What the connection's window lacks: bytes that came and were given back by nobody. */
    int owed() {
        return connection.stop();
    }

    void beats(int count) {
        for (int i = 0; i < count; i++) {
            time += SECOND;
            clock.tick(time);
        }
    }

    /** Reads on a thread of its own; returns once that thread waits, or is done. */
    Reader reader() {
        Reader reader = new Reader();
        reader.thread.start();
        while (reader.thread.getState() != Thread.State.WAITING
                && reader.thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return reader;
    }

    final class Reader {
        private final AtomicReference<String> outcome = new AtomicReference<>("");
        private final Thread thread =
                Thread.ofPlatform()
                        .unstarted(
                                () -> {
                                    try {
                                        outcome.set(read(STREAM_WINDOW));
                                    } catch (IOException | IllegalStateException e) {
                                        outcome.set(e.getClass().getSimpleName());
                                    }
                                });

        String outcome() throws InterruptedException {
            thread.join();
            return outcome.get();
        }
    }
}
