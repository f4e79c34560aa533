package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.http2.WriterTesting.Frame;
import dev.kestrel.internal.http2.WriterTesting.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** How the output of a stream ends, and who is told. */
@Timeout(60)
class Http2OutputProducerTest {

    private static final long NO_ERROR = Http2ErrorCode.NO_ERROR.code();
    private static final long CANCEL = Http2ErrorCode.CANCEL.code();
    private static final IOException REASON = new StreamResetException("cancelled", CANCEL, false);

    private final WriterTesting testing = new WriterTesting();

    @AfterEach
    void ends() throws Exception {
        testing.stop();
    }

    @Test
    void aResetEndsTheStreamOnce() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.output.reset(CANCEL, REASON);
        stream.output.reset(CANCEL, REASON);

        Frame reset = testing.read();
        assertThat(reset.toString()).isEqualTo("RST_STREAM 1 0 4");
        assertThat(reset.payload()).containsExactly(0, 0, 0, 8);
        assertThat(stream.ends.take()).isFalse();
        stream.output.reset(CANCEL, REASON);
        assertNothingFollows();
        assertThat(stream.ends).isEmpty();
    }

    @Test
    void aWriteAfterTheResetThrowsTheReason() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.output.reset(CANCEL, REASON);
        assertThatThrownBy(() -> stream.response().send("late"))
                .isInstanceOf(StreamResetException.class)
                .hasMessage("cancelled")
                .isNotSameAs(REASON);
    }

    @Test
    void whatWasFlushedBeforeTheResetGoesOutAndTheRestIsDropped() throws Exception {
        Stream stream = testing.stream(1, 15, false).head();
        stream.body(20);
        stream.output.reset(CANCEL, REASON);
        testing.start();

        assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
        assertThat(testing.read(2)).containsExactly("DATA 1 0 15", "RST_STREAM 1 0 4");
        assertThat(stream.ends.take()).isFalse();
        assertNoMemoryIsLeft(stream);
    }

    @Test
    void aCompleteResponseGoesOutWholeBeforeAResetWithNoError() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, true);
        stream.response().send(new byte[20]);
        testing.read();
        testing.read();
        stream.output.reset(NO_ERROR, REASON);
        assertThat(stream.output.increaseWindow(10)).isTrue();

        assertThat(testing.read(2)).containsExactly("DATA 1 1 10", "RST_STREAM 1 0 4");
        assertThat(stream.ends.take()).isTrue();
    }

    @Test
    void aCompleteResponseThatWaitsIsDroppedByAResetWithAnError() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, true);
        stream.response().send(new byte[20]);
        testing.read();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 10");
        stream.output.reset(CANCEL, REASON);

        assertThat(testing.read().toString()).isEqualTo("RST_STREAM 1 0 4");
        assertThat(stream.ends.take()).isFalse();
        assertNoMemoryIsLeft(stream);
    }

    /** RFC 9113 section 8.1: RST_STREAM with NO_ERROR after a complete response. */
    @Test
    void afterEndStreamAResetIsSentOnlyWhileTheClientMaySend() throws Exception {
        testing.start();
        Stream early = testing.stream(1, 100, true);
        early.response().status(204).complete();
        assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
        assertThat(early.ends.take()).isTrue();
        early.output.reset(NO_ERROR, REASON);
        assertThat(testing.read().toString()).isEqualTo("RST_STREAM 1 0 4");
        early.output.reset(NO_ERROR, REASON);

        Stream late = testing.stream(3, 100, true);
        late.output.inputEnded();
        late.response().status(204).complete();
        assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
        assertThat(late.ends.take()).isTrue();
        late.output.reset(NO_ERROR, REASON);
        assertNothingFollows();
    }

    @Test
    void aDropSendsNothing() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, true).head();
        stream.body(20);
        testing.read();
        testing.read();
        stream.output.drop(REASON);
        assertThat(stream.ends.take()).isFalse();
        stream.output.reset(CANCEL, REASON);
        assertNothingFollows();
        assertNoMemoryIsLeft(stream);
    }

    @Test
    void aDropOverridesAResetThatWaitsForTheResponse() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, true);
        stream.response().send(new byte[20]);
        testing.read();
        testing.read();
        stream.output.reset(NO_ERROR, REASON);
        stream.output.drop(REASON);
        assertThat(stream.ends.take()).isFalse();
        assertNothingFollows();
    }

    @Test
    void anApplicationThatWaitsIsReleasedWithTheReason() throws Exception {
        testing.start();
        for (boolean send : new boolean[] {true, false}) {
            Stream stream = testing.stream(send ? 1 : 3, 0, false);
            FutureTask<Void> application =
                    new FutureTask<>(
                            (Callable<Void>)
                                    () -> {
                                        stream.response().send(new byte[1 << 20]);
                                        return null;
                                    });
            Thread thread = Thread.ofVirtual().start(application);
            assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
            if (send) {
                stream.output.reset(CANCEL, REASON);
                assertThat(testing.read().type()).isEqualTo(Http2FrameType.RST_STREAM);
            } else {
                stream.output.drop(REASON);
            }
            thread.join();
            assertThatThrownBy(application::get).hasCauseInstanceOf(StreamResetException.class);
            assertThat(stream.ends.take()).isFalse();
            assertNoMemoryIsLeft(stream);
        }
    }

    /** A client that gives a byte of window now and then is as slow as one that gives none. */
    @Test
    void aResponseThatWaitsForWindowIsTimed() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 0, false);
        stream.output.rate(new MinDataRate(240, Duration.ofSeconds(5)));
        stream.head().body(5000);
        testing.read();
        awaitBlocked(stream);
        for (int second = 1; second < 10; second++) {
            testing.clock.tick(Duration.ofSeconds(second).toNanos());
            stream.output.increaseWindow(1);
            assertThat(testing.read().toString()).isEqualTo("DATA 1 0 1");
            awaitBlocked(stream);
        }
        assertThat(testing.timeouts).contains(TimeoutReason.WRITE_DATA_RATE);
    }

    @Test
    void aResponseThatNoLongerWaitsIsNotTimed() throws Exception {
        testing.start();
        for (int id = 1; id < 7; id += 2) {
            Stream stream = testing.stream(id, 0, false);
            stream.output.rate(new MinDataRate(240, Duration.ofSeconds(5)));
            stream.head().body(100);
            testing.read();
            awaitBlocked(stream);
            switch (id) {
                case 1 -> stream.output.increaseWindow(100);
                case 3 -> stream.output.reset(CANCEL, REASON);
                default -> stream.output.drop(REASON);
            }
            if (id != 5) {
                assertThat(testing.read().streamId()).isEqualTo(id);
            }
            if (id != 1) {
                assertThat(stream.ends.take()).isFalse();
            }
        }
        testing.stop();
        for (int second = 1; second < 30; second++) {
            testing.clock.tick(Duration.ofSeconds(second).toNanos());
        }
        assertThat(testing.timeouts).isEmpty();
    }

    /** The writer has seen that there is no window, and has nothing else to do. */
    private void awaitBlocked(Stream stream) throws IOException {
        while (!stream.output.windowBlocked) {
            Thread.yield();
        }
        assertNothingFollows();
    }

    @Test
    void aStaleEntryOfTheLastStreamDoesNoHarm() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        for (int id = 1; id < 2000; id += 2) {
            stream.response().send("hello");
            testing.fields(testing.read());
            assertThat(readBody(id)).isEqualTo(5);
            assertThat(stream.ends.take()).isTrue();
            testing.writer.schedule(stream.output);
            stream.output.recycle();
            stream.begin(id + 2, 65_535, false);
            testing.writer.increaseConnectionWindow(5);
        }
        assertThat(stream.ends).isEmpty();
    }

    /** For the stale entry the writer may come for the body before its end is known. */
    private int readBody(int id) throws IOException {
        int length = 0;
        Frame frame;
        do {
            frame = testing.read();
            assertThat(frame.type()).isEqualTo(Http2FrameType.DATA);
            assertThat(frame.streamId()).isEqualTo(id);
            length += frame.payload().length;
        } while (!frame.has(Http2Flags.END_STREAM));
        return length;
    }

    /** Whoever comes while the writer falls asleep is seen: each response is waited for alone. */
    @Test
    void noWakeUpIsLost() throws Exception {
        testing.start();
        int rounds = 3000;
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Stream stream = new Stream(testing);
            int first = 2 * i + 1;
            FutureTask<Void> task =
                    new FutureTask<>(
                            (Callable<Void>)
                                    () -> {
                                        for (int round = 0; round < rounds; round++) {
                                            stream.begin(first + 8 * round, 1, false);
                                            stream.head().body(1);
                                            stream.output.increaseWindow(1);
                                            stream.body(1);
                                            stream.response().complete();
                                            assertThat(stream.ends.take()).isTrue();
                                            stream.output.recycle();
                                            testing.writer.increaseConnectionWindow(2);
                                        }
                                        return null;
                                    });
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        int ended = 0;
        while (ended < 4 * rounds) {
            Frame frame = testing.read();
            if (frame.type() == Http2FrameType.DATA && frame.has(Http2Flags.END_STREAM)) {
                ended++;
            }
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }

    private void assertNothingFollows() throws IOException {
        testing.writer.controls().ping(true, 0);
        testing.writer.wake();
        assertThat(testing.read().toString()).isEqualTo("PING 0 1 8");
    }

    private void assertNoMemoryIsLeft(Stream stream) {
        stream.output.recycle();
        assertThat(testing.pool.stats().rented())
                .as("but for a block of the transport's pipe")
                .isLessThanOrEqualTo(1);
    }
}
