package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.MemoryPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The body between frame loop and application; the test's thread is the frame loop. */
@Timeout(30)
class Http2RequestBodyTest {

    private static final int STREAM = 5;
    private static final int STREAM_WINDOW = 100;
    private static final int CONNECTION_WINDOW = 1000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final MinDataRate RATE = new MinDataRate(240, Duration.ofSeconds(5));

    private final MemoryPool pool = new MemoryPool(64);
    private final List<TimeoutReason> timeouts = new CopyOnWriteArrayList<>();
    private final TimeoutControl clock = new TimeoutControl(timeouts::add, 0);
    private final InputFlowControl connection = new InputFlowControl(CONNECTION_WINDOW);
    private final List<String> updates = new CopyOnWriteArrayList<>();
    private final Http2RequestBody body =
            new Http2RequestBody(
                    pool, clock, connection, (id, increment) -> updates.add(id + ":" + increment));
    private long time;

    @AfterEach
    void nothingIsLeft() {
        body.recycle();
        assertThat(pool.stats().rented()).isZero();
    }

    private void begin(long contentLength) {
        body.begin(STREAM, STREAM_WINDOW, contentLength);
    }

    private void data(String text) throws IOException {
        data(text, 0);
    }

    private void data(String text, int padding) throws IOException {
        int length = text.length() + padding;
        assertThat(connection.tryReceive(length)).isTrue();
        body.receive(ByteSequence.of(text.getBytes(StandardCharsets.US_ASCII)), length);
    }

    private String read(int count) throws IOException {
        byte[] target = new byte[count];
        int n = body.read(target, 0, count);
        return n < 0 ? "(end)" : new String(target, 0, n, StandardCharsets.US_ASCII);
    }

    /** What the connection's window lacks: bytes that came and were given back by nobody. */
    private int owed() {
        return connection.stop();
    }

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            time += SECOND;
            clock.tick(time);
        }
    }

    /** Reads on a thread of its own; returns once that thread waits, or is done. */
    private Reader reader() {
        Reader reader = new Reader();
        reader.thread.start();
        while (reader.thread.getState() != Thread.State.WAITING
                && reader.thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return reader;
    }

    private final class Reader {
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

    /** A thread that reads beyond its request must not get the body of the next one. */
    @Test
    void aReaderLeavesBeforeTheBodyServesAnotherStream() throws Exception {
        for (int i = 0; i < 200; i++) {
            begin(-1);
            Reader stranger = reader();
            body.discard();
            body.recycle();
            begin(-1);
            data("secret");
            assertThat(read(100)).isEqualTo("secret");
            body.discard();
            body.recycle();
            assertThat(stranger.outcome()).isEqualTo("IllegalStateException");
        }
    }

    @Test
    void whatComesIsReadInOrderAndThenTheEnd() throws IOException {
        begin(-1);
        data("one ");
        data("two");
        body.end();
        assertThat(body.available()).isEqualTo(7);
        assertThat(read(5)).isEqualTo("one t");
        assertThat(read(5)).isEqualTo("wo");
        assertThat(read(5)).isEqualTo("(end)");
        assertThat(read(5)).isEqualTo("(end)");
        assertThat(body.available()).isZero();
    }

    @Test
    void aReadWaitsForDataAndForTheEnd() throws Exception {
        begin(-1);
        assertThat(body.available()).isZero();
        Reader first = reader();
        data("late");
        assertThat(first.outcome()).isEqualTo("late");
        Reader second = reader();
        body.end();
        assertThat(second.outcome()).isEqualTo("(end)");
    }

    /** RFC 9113 section 6.9: window updates are sent as data is consumed. */
    @Test
    void readBytesGoBackToBothWindows() throws IOException {
        begin(-1);
        for (int i = 0; i < 20; i++) {
            data("x".repeat(50));
            assertThat(read(50)).hasSize(50);
        }
        assertThat(updates).hasSize(22).contains("0:500").startsWith("5:50");
        assertThat(owed()).isZero();
    }

    @Test
    void unreadBytesDoNotGoBackAndTheWindowHoldsThePeer() throws IOException {
        begin(-1);
        data("x".repeat(STREAM_WINDOW));
        assertThat(updates).isEmpty();
        assertThatThrownBy(() -> data("y"))
                .isInstanceOfSatisfying(
                        Http2StreamException.class,
                        e -> {
                            assertThat(e.streamId()).isEqualTo(STREAM);
                            assertThat(e.code()).isEqualTo(Http2ErrorCode.FLOW_CONTROL_ERROR);
                        });
        body.fail(new StreamResetException("FLOW_CONTROL_ERROR", 3, false));
        assertThat(owed()).isZero();
    }

    /** RFC 9113 section 6.1: "The entire DATA frame payload is included in flow control". */
    @Test
    void paddingGoesBackAtOnce() throws IOException {
        begin(-1);
        data("x", 59);
        assertThat(updates).containsExactly("5:59");
        data("", 1);
        assertThat(read(10)).isEqualTo("x");
        assertThat(owed()).isZero();
    }

    /** RFC 9113 section 8.1.1: the sum of the DATA payloads, without padding, is the length. */
    @Test
    void paddingIsNotContent() throws IOException {
        begin(3);
        data("a", 20);
        data("bc", 20);
        body.end();
        assertThat(read(10)).isEqualTo("abc");
        assertThat(read(10)).isEqualTo("(end)");
    }

    @Test
    void afterTheEndOnlyTheConnectionIsToldOfBytes() throws IOException {
        begin(-1);
        for (int i = 0; i < 5; i++) {
            data("x".repeat(90));
            assertThat(read(90)).hasSize(90);
        }
        updates.clear();
        data("x".repeat(90));
        body.end();
        assertThat(read(90)).hasSize(90);
        assertThat(updates).containsExactly("0:540");
    }

    @Test
    void moreThanContentLengthIsAStreamError() throws IOException {
        begin(5);
        data("abc");
        assertThatThrownBy(() -> data("def"))
                .isInstanceOfSatisfying(
                        Http2StreamException.class,
                        e -> assertThat(e.code()).isEqualTo(Http2ErrorCode.PROTOCOL_ERROR));
        assertThat(read(10)).isEqualTo("abc");
        body.fail(new StreamResetException("PROTOCOL_ERROR", 1, false));
        assertThatThrownBy(() -> read(1)).isInstanceOf(StreamResetException.class);
        assertThat(owed()).isZero();
    }

    @Test
    void lessThanContentLengthIsAStreamErrorAndNoEnd() throws Exception {
        begin(5);
        data("abc");
        assertThatThrownBy(body::end)
                .isInstanceOfSatisfying(
                        Http2StreamException.class,
                        e -> assertThat(e.code()).isEqualTo(Http2ErrorCode.PROTOCOL_ERROR));
        assertThat(read(10)).isEqualTo("abc");
        Reader reader = reader();
        body.fail(new StreamResetException("PROTOCOL_ERROR", 1, false));
        assertThat(reader.outcome()).isEqualTo("StreamResetException");
        assertThat(owed()).isZero();
    }

    @Test
    void exactlyContentLengthIsFine() throws IOException {
        begin(0);
        body.end();
        assertThat(read(1)).isEqualTo("(end)");
    }

    @Test
    void upToTheLimitIsReadAndBeyondItIs413() throws IOException {
        begin(-1);
        body.limit(5);
        data("abcdef");
        assertThat(read(10)).isEqualTo("abcde");
        assertThatThrownBy(() -> read(10))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(RequestRejectionReason.REQUEST_BODY_TOO_LARGE));
    }

    @Test
    void aBodyOfExactlyTheLimitEnds() throws IOException {
        begin(-1);
        body.limit(5);
        data("abcde");
        body.end();
        assertThat(read(10)).isEqualTo("abcde");
        assertThat(read(10)).isEqualTo("(end)");
    }

    @Test
    void aResetWakesTheReaderAndGivesUnreadBytesBack() throws Exception {
        begin(-1);
        data("abc");
        assertThat(read(3)).isEqualTo("abc");
        Reader reader = reader();
        body.fail(new StreamResetException("CANCEL", 8, true));
        assertThat(reader.outcome()).isEqualTo("StreamResetException");
        assertThat(owed()).isZero();
    }

    @Test
    void aResetIsSeenBeforeWhatWasNotRead() throws IOException {
        begin(-1);
        data("abc");
        body.end();
        StreamResetException reason = new StreamResetException("CANCEL", 8, true);
        body.fail(reason);
        body.fail(new IOException("later"));
        assertThatThrownBy(() -> read(3)).isSameAs(reason);
        assertThatThrownBy(() -> read(3)).isSameAs(reason);
        assertThat(owed()).isZero();
    }

    @Test
    void aResetFreesMemoryThatNobodyIsReading() throws IOException {
        begin(-1);
        data("x".repeat(STREAM_WINDOW));
        assertThat(pool.stats().rented()).isEqualTo(2);
        body.fail(new StreamResetException("CANCEL", 8, true));
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void whatComesAfterADiscardGoesStraightBack() throws IOException {
        begin(3);
        data("ab");
        body.discard();
        assertThat(pool.stats().rented()).isZero();
        data("x".repeat(STREAM_WINDOW), 20);
        data("x".repeat(STREAM_WINDOW), 20);
        body.end();
        assertThat(updates).isEmpty();
        assertThat(owed()).isZero();
        assertThatThrownBy(() -> read(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecycledBodyRemembersNothing() throws IOException {
        begin(2);
        body.limit(1);
        data("ab");
        body.fail(new IOException("first"));
        body.recycle();
        begin(-1);
        data("second");
        body.end();
        assertThat(read(10)).isEqualTo("second");
        assertThat(read(10)).isEqualTo("(end)");
    }

    @Test
    void aBodyThatNeverBeganCanBeRecycled() throws IOException {
        body.recycle();
        body.recycle();
        begin(-1);
        data("x");
        assertThat(read(1)).isEqualTo("x");
    }

    @Test
    void bytesOfManyReadersEndersAndFramesAreGivenBackOnce() throws Exception {
        for (int round = 0; round < 300; round++) {
            begin(-1);
            Thread application =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (body.read(new byte[7], 0, 7) >= 0) {
                                                Thread.yield();
                                            }
                                        } catch (IOException | IllegalStateException e) {
                                            // Ended.
                                        }
                                    });
            int when = round % 10;
            boolean discard = round % 2 == 0;
            Thread ender =
                    Thread.ofVirtual()
                            .unstarted(
                                    () -> {
                                        if (discard) {
                                            body.discard();
                                        } else {
                                            body.fail(new IOException("reset"));
                                        }
                                    });
            for (int frame = 0; frame < 10; frame++) {
                if (frame == when) {
                    ender.start();
                }
                data("x".repeat(6), frame % 3);
                Thread.yield();
            }
            application.join();
            ender.join();
            body.recycle();
            assertThat(pool.stats().rented()).isZero();
        }
        assertThat(owed()).isZero();
    }

    /** What {@code ByteSource.cancel} asks: wakes a pending read and can not be undone. */
    @Test
    void aCancelledReadAndAllThatFollowSayThatItEnded() throws Exception {
        begin(-1);
        Reader reader = reader();
        body.cancelRead();
        assertThat(reader.outcome()).isEqualTo("(end)");
        assertThat(read(1)).isEqualTo("(end)");
    }

    @Test
    void aTunnelHasNeitherLimitNorRate() throws Exception {
        begin(-1);
        body.limit(3);
        body.rate(RATE);
        Reader reader = reader();
        data("abc");
        assertThat(reader.outcome()).isEqualTo("abc");
        body.becomeTunnel();
        data("def");
        assertThat(read(3)).isEqualTo("def");
        Reader slow = reader();
        beats(100);
        assertThat(timeouts).isEmpty();
        body.end();
        assertThat(slow.outcome()).isEqualTo("(end)");
    }

    @Test
    void aBodyThatIsTooSlowWhileTheApplicationWaitsIsTold() throws Exception {
        begin(-1);
        body.rate(RATE);
        Reader reader = reader();
        beats(5);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.fail(new IOException("too slow"));
        assertThat(reader.outcome()).isEqualTo("IOException");
    }

    @Test
    void aBodyThatNobodyWaitsForIsNotTimed() throws IOException {
        begin(-1);
        body.rate(RATE);
        data("x");
        assertThat(read(1)).isEqualTo("x");
        beats(100);
        assertThat(timeouts).isEmpty();
    }

    @Test
    void withoutARateNothingIsTimed() throws Exception {
        begin(-1);
        Reader reader = reader();
        beats(100);
        assertThat(timeouts).isEmpty();
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    /** 2400 bytes are worth ten seconds, also when they were there before the first wait. */
    @Test
    void bytesBeforeTheFirstWaitCount() throws Exception {
        body.begin(STREAM, 3000, -1);
        body.rate(RATE);
        body.receive(ByteSequence.of(new byte[2400]), 2400);
        assertThat(read(2400)).hasSize(2400);
        Reader reader = reader();
        beats(10);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    /** Bodies of a connection count together, so one that did not stop would slow the next. */
    @Test
    void howeverABodyEndsItIsNoLongerTimed() throws Exception {
        List<BodyEnd> ends =
                List.of(
                        () -> body.end(),
                        () -> body.fail(new IOException("reset")),
                        () -> {
                            body.end();
                            body.fail(new IOException("reset"));
                        });
        for (BodyEnd end : ends) {
            begin(-1);
            body.rate(RATE);
            Reader reader = reader();
            beats(4);
            end.run();
            assertThat(reader.outcome()).isNotEmpty();
            body.discard();
            beats(1);
            body.recycle();
        }
        // The count is back to nothing: a new body starts with all of its time of grace.
        begin(-1);
        body.rate(RATE);
        Reader reader = reader();
        beats(5);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    private interface BodyEnd {
        void run() throws IOException;
    }
}
