package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which memory a reader over a source uses when, and how a stream ends. */
@Timeout(30)
class SourcePipeReaderTest {

    private static final int IDLE = 100;

    private final MemoryPool pool = new MemoryPool(1000);
    private final ScriptedSource source = new ScriptedSource();
    private final List<@Nullable IOException> ends = new ArrayList<>();
    private final SourcePipeReader reader =
            new SourcePipeReader(pool, source, IDLE, 1000, error -> ends.add(error));

    @AfterEach
    void everyBlockIsReturned() {
        reader.complete();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aSmallMessageIsReadIntoTheReadersOwnMemory() throws IOException {
        feed("hello");
        ReadResult result = reader.read();
        assertThat(text(result)).isEqualTo("hello");
        assertThat(pool.stats().allocated()).as("the pool is not touched").isZero();
        reader.advanceTo(5);
        assertThat(source.rooms).containsExactly(IDLE);
    }

    @Test
    void aMessageThatComesInPartsGoesOnInTheSameMemoryWhileThereIsRoom() throws IOException {
        feed("he");
        reader.read();
        reader.advanceTo(0, 2);
        feed("llo");
        ReadResult result = reader.read();
        assertThat(text(result)).isEqualTo("hello");
        assertThat(result.buffer().isSingleBlock()).isTrue();
        assertThat(pool.stats().allocated()).isZero();
        reader.advanceTo(5);
    }

    @Test
    void theRestOfAMessageMovesToTheStartWhenThatMakesRoom() throws IOException {
        feed("a".repeat(90) + "rest".repeat(2) + "12");
        reader.read();
        reader.advanceTo(90, 100);
        feed("b".repeat(90));
        ReadResult result = reader.read();
        assertThat(text(result)).isEqualTo("restrest12" + "b".repeat(90));
        assertThat(pool.stats().allocated()).isZero();
        reader.advanceTo(100);
    }

    @Test
    void aMessageThatOutgrowsTheSmallBlockStaysInOnePiece() throws IOException {
        feed("x".repeat(250));
        reader.read();
        reader.advanceTo(0, 100);
        ReadResult result = reader.read();
        assertThat(text(result)).isEqualTo("x".repeat(250));
        assertThat(result.buffer().isSingleBlock()).isTrue();
        assertThat(pool.stats().rented()).isEqualTo(1);
        reader.advanceTo(250);
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void fullBlocksAreLinked() throws IOException {
        feed("y".repeat(2500));
        long length = 0;
        while (length < 2500) {
            ReadResult result = reader.read();
            length = result.buffer().length();
            reader.advanceTo(0, length);
        }
        assertThat(pool.stats().rented()).isEqualTo(3);
        source.end();
        ReadResult result = reader.read();
        assertThat(text(result)).isEqualTo("y".repeat(2500));
        reader.advanceTo(2100);
        assertThat(pool.stats().rented()).isEqualTo(1);
        reader.advanceTo(0);
    }

    @Test
    void afterAReadThatFilledTheSmallBlockTheNextOneIsLargeWhenBytesWait() throws IOException {
        feed("z".repeat(700));
        consumeAll();
        assertThat(source.unread()).isEqualTo(600);
        consumeAll();
        assertThat(source.unread()).isZero();
        assertThat(source.rooms).containsExactly(100, 1000);
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void withNothingWaitingTheReaderWaitsOnTheSmallBlock() throws Exception {
        feed("z".repeat(100));
        consumeAll();
        Thread reading = Thread.startVirtualThread(this::consumeAllQuietly);
        source.awaitBlockedRead();
        assertThat(pool.stats().rented()).isZero();
        assertThat(source.rooms).containsExactly(100, 100);
        feed("!");
        reading.join();
    }

    @Test
    void whenTrafficIsSmallAgainSoAreTheReads() throws IOException {
        feed("z".repeat(150));
        consumeAll();
        consumeAll();
        feed("z");
        consumeAll();
        assertThat(source.rooms).containsExactly(100, 1000, 100);
    }

    @Test
    void aSourceThatCanNotTellWhatWaitsIsReadWithALargeBlockInTraffic() throws IOException {
        source.tellNothing();
        feed("z".repeat(150));
        consumeAll();
        consumeAll();
        assertThat(source.rooms).containsExactly(100, 1000);
    }

    @Test
    void readsThatFillTheirMemoryGetTwiceAsMuch() throws IOException {
        source.feed(new byte[IDLE + 1000 + 2000 + 4000 + 8000 + 8000 + 500]);
        long total = 0;
        while (total < 23_600) {
            ReadResult result = reader.read();
            total += result.buffer().length();
            reader.advanceTo(result.buffer().length());
        }
        assertThat(source.rooms).containsExactly(IDLE, 1000, 2000, 4000, 8000, 8000, 8000);
        assertThat(pool.stats().rented()).as("what was not needed went back").isZero();
    }

    /** "How many buffers readNow has a use for: it is given no more." */
    @Test
    void aSourceThatFillsOneBufferIsGivenNoMore() throws IOException {
        source.widest = 1;
        source.feed(new byte[IDLE + 3000]);
        for (int i = 0; i < 4; i++) {
            consumeAll();
        }
        assertThat(source.rooms).containsExactly(IDLE, 1000, 1000, 1000);
        assertThat(pool.stats().allocated()).isEqualTo(1);
    }

    @Test
    void whenThereIsNoMemoryForAllBlocksThoseThatWereTakenGoBack() throws IOException {
        OutOfMemoryError scarce = new OutOfMemoryError("no second block");
        MemoryPool one =
                new MemoryPool(1000) {
                    @Override
                    public MemoryBlock rent() {
                        if (stats().rented() == 1) {
                            throw scarce;
                        }
                        return super.rent();
                    }
                };
        SourcePipeReader wide = new SourcePipeReader(one, source, IDLE, 1000, error -> {});
        source.feed(new byte[IDLE + 1000 + 2000]);
        wide.advanceTo(wide.read().buffer().length());
        wide.advanceTo(wide.read().buffer().length());
        assertThatThrownBy(wide::read).isSameAs(scarce);
        assertThat(one.stats().rented()).isZero();
        wide.complete();
    }

    @Test
    void aReadGoesOnBehindWhatIsLeftOfTheOneBefore() throws IOException {
        byte[] data = new byte[20_000];
        new Random(5).nextBytes(data);
        source.feed(data);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < data.length) {
            ReadResult result = reader.read();
            ByteSequence buffer = result.buffer();
            boolean last = all.size() + buffer.length() == data.length;
            // A part of what is there is kept, as by whoever waits for the rest of a frame.
            long used = last ? buffer.length() : Math.max(0, buffer.length() - 77);
            all.writeBytes(buffer.slice(0, used).toByteArray());
            reader.advanceTo(used, buffer.length());
        }
        assertThat(all.toByteArray()).isEqualTo(data);
    }

    @Test
    void aReaderOfALargeMessageHoldsNoBlockWhileItWaitsForMore() throws Exception {
        source.feed(new byte[IDLE + 1000]);
        reader.read();
        reader.advanceTo(IDLE);
        reader.read();
        reader.advanceTo(1000);
        Thread waiting = Thread.ofVirtual().start(this::consumeAllQuietly);
        source.awaitBlockedRead();
        assertThat(pool.stats().rented()).isZero();
        source.end();
        waiting.join();
    }

    @Test
    void tryReadGivesOnlyWhatIsBuffered() throws IOException {
        feed("abc");
        assertThat(reader.tryRead()).isNull();
        reader.read();
        reader.advanceTo(1);
        ReadResult result = reader.tryRead();
        assertThat(result).isNotNull();
        assertThat(text(result)).isEqualTo("bc");
        reader.advanceTo(0, 2);
        assertThat(reader.tryRead()).isNull();
    }

    @Test
    void theEndOfTheStreamComesWithTheRest() throws IOException {
        feed("rest");
        source.end();
        ReadResult result = reader.read();
        assertThat(result.isCompleted()).isFalse();
        reader.advanceTo(0, 4);
        assertThat(ends).isEmpty();
        result = reader.read();
        assertThat(result.isCompleted()).isTrue();
        assertThat(text(result)).isEqualTo("rest");
        reader.advanceTo(0, 4);
        assertThat(reader.read().isCompleted()).isTrue();
        reader.advanceTo(4);
        assertThat(reader.tryRead()).isNotNull();
        reader.advanceTo(0);
        assertThat(ends).hasSize(1).containsOnlyNulls();
    }

    @Test
    void aFailureIsThrownAfterTheDataAndAgain() throws IOException {
        IOException failure = new IOException("reset");
        feed("data");
        source.fail(failure);
        assertThat(text(reader.read())).isEqualTo("data");
        reader.advanceTo(0, 4);
        assertThatThrownBy(reader::read).isSameAs(failure);
        assertThatThrownBy(reader::read).isSameAs(failure);
        assertThatThrownBy(reader::tryRead).isSameAs(failure);
        assertThat(ends).containsExactly(failure);
    }

    @Test
    void cancelWakesAPendingReadAndIsFinal() throws Exception {
        Thread canceling =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                source.awaitBlockedRead();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            reader.cancelPendingRead();
                        });
        ReadResult result = reader.read();
        assertThat(result.isCanceled()).isTrue();
        assertThat(result.isCompleted()).isFalse();
        reader.advanceTo(0);
        result = reader.read();
        assertThat(result.isCanceled()).isFalse();
        assertThat(result.isCompleted()).isTrue();
        canceling.join();
        assertThat(ends).as("the end is this side's own doing").isEmpty();
    }

    @Test
    void aSmallPoolDoesNotConfuseTheOrderOfBytes() throws IOException {
        MemoryPool small = new MemoryPool(64);
        SourcePipeReader narrow = new SourcePipeReader(small, source, 100, 1000, error -> {});
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            sent.append((char) ('a' + i % 26));
        }
        feed(sent.toString());
        long length = 0;
        while (length < 300) {
            length = narrow.read().buffer().length();
            narrow.advanceTo(0, length);
        }
        source.end();
        assertThat(narrow.read().buffer().toString(US_ASCII)).isEqualTo(sent.toString());
        narrow.complete();
        assertThat(small.stats().rented()).isZero();
    }

    @Test
    void aCompletedReaderRefusesWork() {
        reader.complete();
        assertThatIllegalStateException().isThrownBy(reader::read);
        assertThatIllegalStateException().isThrownBy(reader::tryRead);
        assertThatIllegalStateException().isThrownBy(() -> reader.advanceTo(0));
    }

    private void feed(String text) {
        source.feed(text.getBytes(US_ASCII));
    }

    private void consumeAll() throws IOException {
        reader.advanceTo(reader.read().buffer().length());
    }

    private void consumeAllQuietly() {
        try {
            consumeAll();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(ReadResult result) {
        return result.buffer().toString(US_ASCII);
    }
}
