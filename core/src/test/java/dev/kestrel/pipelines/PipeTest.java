package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** What a pipe promises its two ends, one rule a test. */
@Timeout(30)
class PipeTest extends OnePipe {

    @Test
    void whatIsFlushedIsRead() throws IOException {
        writer.write(bytes("hello"));
        writer.flush();

        ReadResult result = reader.read();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("hello");
        assertThat(result.isCompleted()).isFalse();
        reader.advanceTo(5);
    }

    @Test
    void nothingIsReadBeforeTheFlush() throws IOException {
        writer.write(bytes("hello"));
        assertThat(writer.unflushedBytes()).isEqualTo(5);
        assertThat(reader.tryRead()).isNull();
        writer.flush();
        assertThat(writer.unflushedBytes()).isZero();
    }

    @Test
    void aPipeWhoseBytesWereConsumedHoldsNoMemory() throws IOException {
        writer.write(new byte[80]);
        writer.flush();
        assertThat(pool.stats().rented()).isEqualTo(2);

        reader.read();
        reader.advanceTo(80);
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aBlockGoesBackAsSoonAsItsLastByteIsConsumed() throws IOException {
        writer.write(new byte[80]);
        writer.flush();
        reader.read();
        reader.advanceTo(64);
        assertThat(pool.stats().rented()).isEqualTo(1);
    }

    @Test
    void smallFlushesShareABlock() throws IOException {
        for (int i = 0; i < 30; i++) {
            writer.write('a' + i % 26);
            writer.flush();
        }
        assertThat(pool.stats().rented()).isEqualTo(1);
        ReadResult result = reader.read();
        assertThat(result.buffer().isSingleBlock()).isTrue();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("abcdefghijklmnopqrstuvwxyzabcd");
        reader.advanceTo(30);
    }

    @Test
    void theReaderMayConsumeABlockThatTheWriterStillFills() throws IOException {
        writer.write(bytes("one"));
        writer.flush();
        writer.write(bytes("two"));
        reader.read();
        reader.advanceTo(3);
        writer.write(new byte[64]);
        writer.flush();

        ReadResult result = reader.read();
        assertThat(result.buffer().length()).isEqualTo(67);
        assertThat(result.buffer().slice(0, 3).toString(US_ASCII)).isEqualTo("two");
        assertThat(result.buffer().firstLength()).isPositive();
        reader.advanceTo(67);
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aLentBlockThatWasEmptiedIsNotShownInFrontOfItsFollower() throws IOException {
        writer.write(new byte[40]);
        writer.flush();
        writer.reserve(20);
        reader.read();
        reader.advanceTo(40);
        writer.reserve(60);
        writer.write(bytes("next"));
        writer.flush();

        ReadResult result = reader.read();
        assertThat(result.buffer().firstLength()).isEqualTo(4);
        reader.advanceTo(4);
    }

    @Test
    void aFlushOfNothingLeavesNothing() throws IOException {
        writer.reserve(10);
        writer.flush();
        assertThat(pool.stats().rented()).isZero();
        assertThat(reader.tryRead()).isNull();
    }

    @Test
    void bytesThatWereNotConsumedComeAgain() throws IOException {
        writer.write(bytes("abcdef"));
        writer.flush();
        reader.read();
        reader.advanceTo(2);
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("cdef");
        reader.advanceTo(0);
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("cdef");
        reader.advanceTo(4);
    }

    @Test
    void examinedBytesComeAgainOnlyTogetherWithNewOnes() throws IOException {
        writer.write(bytes("abc"));
        writer.flush();
        reader.read();
        reader.advanceTo(0, 3);
        assertThat(reader.tryRead()).isNull();

        writer.write(bytes("d"));
        writer.flush();
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("abcd");
        reader.advanceTo(4);
    }

    @Test
    void aReaderWaitsForTheWriter() throws Exception {
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                pipe.awaitReaderIdle();
                                writer.write(bytes("late"));
                                writer.flush();
                            } catch (Exception e) {
                                writer.complete(e);
                            }
                        });
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("late");
        reader.advanceTo(4);
        thread.join();
    }

    @Test
    void aWriterWaitsAtThePauseThresholdAndGoesOnBelowTheResumeThreshold() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(100, outcome);
        assertThat(reader.read().buffer().length()).isEqualTo(100);
        awaitWaiting(thread);

        reader.advanceTo(50);
        reader.read();
        assertThat(outcome.get()).as("50 bytes are not below 50").isNull();
        reader.advanceTo(1);
        thread.join();
        assertThat(outcome.get()).isEqualTo(FlushResult.CONTINUE);
    }

    @Test
    void examiningEverythingResumesTheWriter() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(100, outcome);
        ReadResult result = reader.read();
        awaitWaiting(thread);
        // A reader that needs more than the threshold for one message would wait for ever
        // otherwise.
        reader.advanceTo(0, result.buffer().length());
        thread.join();
        assertThat(outcome.get()).isEqualTo(FlushResult.CONTINUE);
    }

    @Test
    void aByteThatIsExaminedTwiceCountsOnce() throws Exception {
        writer.write(new byte[60]);
        writer.flush();
        reader.read();
        reader.advanceTo(0, 60);
        reader.cancelPendingRead();
        reader.read();
        reader.advanceTo(0, 60);
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(100, outcome);
        awaitWaiting(thread);
        reader.complete();
        thread.join();
        assertThat(outcome.get()).isEqualTo(FlushResult.COMPLETED);
    }

    @Test
    void withoutAThresholdTheWriterNeverWaits() throws IOException {
        Pipe free = new Pipe(pool, PipeOptions.UNLIMITED);
        free.writer().write(new byte[100_000]);
        assertThat(free.writer().flush()).isEqualTo(FlushResult.CONTINUE);
        free.writer().complete();
        free.reader().complete();
    }

    @Test
    void cancelPendingFlushEndsTheWaitAndKeepsTheBytes() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(200, outcome);
        awaitWaiting(thread);
        writer.cancelPendingFlush();
        thread.join();
        assertThat(outcome.get()).isEqualTo(FlushResult.CANCELED);
        assertThat(reader.read().buffer().length()).isEqualTo(200);
        reader.advanceTo(200);
    }

    @Test
    void cancelPendingReadEndsTheWaitOnce() throws Exception {
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                pipe.awaitReaderIdle();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            reader.cancelPendingRead();
                        });
        ReadResult result = reader.read();
        assertThat(result.isCanceled()).isTrue();
        assertThat(result.isCompleted()).isFalse();
        reader.advanceTo(0);
        thread.join();
        assertThat(reader.tryRead()).isNull();
    }

    @Test
    void aReadThatIsCancelledBeforehandShowsWhatThereIs() throws IOException {
        writer.write(bytes("abc"));
        writer.flush();
        reader.cancelPendingRead();
        ReadResult result = reader.read();
        assertThat(result.isCanceled()).isTrue();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("abc");
        reader.advanceTo(0);
        assertThat(reader.read().isCanceled()).isFalse();
        reader.advanceTo(3);
    }

    @Test
    void advanceToMustFitTheBuffer() throws IOException {
        writer.write(bytes("abc"));
        writer.flush();
        reader.read();
        assertThatThrownBy(() -> reader.advanceTo(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reader.advanceTo(2, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reader.advanceTo(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        reader.advanceTo(3);
    }

    @Test
    void reserveGivesRoomInOnePiece() throws IOException {
        writer.write(new byte[60]);
        byte[] memory = writer.reserve(10);
        assertThat(memory.length - writer.position()).isGreaterThanOrEqualTo(10);
        System.arraycopy(bytes("0123456789"), 0, memory, writer.position(), 10);
        writer.advance(10);
        writer.flush();
        assertThat(reader.read().buffer().slice(60, 10).toString(US_ASCII)).isEqualTo("0123456789");
        reader.advanceTo(70);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.reserve(65));
    }

    @Test
    void thresholdsMustFitTogether() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PipeOptions(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new PipeOptions(10, 11));
        assertThatIllegalArgumentException().isThrownBy(() -> new PipeOptions(10, 0));
        assertThat(new PipeOptions(1, 1)).isNotNull();
    }
}
