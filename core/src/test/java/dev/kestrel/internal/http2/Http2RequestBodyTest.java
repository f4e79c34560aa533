package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What the body of a request gives to its application, and back to its windows. */
class Http2RequestBodyTest extends RequestBodyTesting {

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
}
