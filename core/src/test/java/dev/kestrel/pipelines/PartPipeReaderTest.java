package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;

/** What a reader of a part shows, and what it leaves to the other. */
@Timeout(30)
class PartPipeReaderTest {

    private final MemoryPool pool = new MemoryPool(100);
    private final Pipe pipe = new Pipe(pool);
    private final Part part = new Part(10);

    @AfterEach
    void everyBlockIsReturned() {
        pipe.writer().complete();
        pipe.reader().complete();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void whatFollowsThePartStaysWithTheOther() throws IOException {
        write("0123456789next");
        ReadResult result = part.read();
        assertThat(text(result)).isEqualTo("0123456789");
        assertThat(result.isCompleted()).isTrue();
        part.advanceTo(10);
        result = part.read();
        assertThat(result.buffer().isEmpty()).isTrue();
        assertThat(result.isCompleted()).isTrue();
        part.advanceTo(0);
        part.complete();
        assertThat(text(pipe.reader().read())).isEqualTo("next");
    }

    @Test
    void bytesThatWereExaminedComeAgainWithMore() throws IOException {
        write("0123");
        assertThat(text(part.read())).isEqualTo("0123");
        part.advanceTo(1, 4);
        assertThat(part.tryRead()).isNull();
        write("45");
        ReadResult result = part.read();
        assertThat(text(result)).isEqualTo("12345");
        assertThat(result.isCompleted()).isFalse();
        part.advanceTo(5);
    }

    @Test
    void theWholePartIsShownAgainWithoutWaitingThoughItWasExamined() throws IOException {
        write("0123456789");
        part.read();
        part.advanceTo(2, 10);
        ReadResult result = part.read();
        assertThat(text(result)).isEqualTo("23456789");
        assertThat(result.isCompleted()).isTrue();
        part.advanceTo(8);
    }

    @Test
    void aCancelledReadSaysSoAndTakesNothing() throws IOException {
        write("0123");
        part.cancelPendingRead();
        ReadResult result = part.read();
        assertThat(result.isCanceled()).isTrue();
        assertThat(result.isCompleted()).isFalse();
        part.advanceTo(0);
        result = part.read();
        assertThat(text(result)).isEqualTo("0123");
        assertThat(result.isCanceled()).isFalse();
        part.advanceTo(4);
    }

    @Test
    void aCompletedReaderLeavesWhatItShowed() throws IOException {
        write("0123");
        part.read();
        part.complete();
        part.complete();
        assertThatIllegalStateException().isThrownBy(part::read);
        assertThat(text(pipe.reader().read())).isEqualTo("0123");
    }

    private void write(String text) throws IOException {
        pipe.writer().write(text.getBytes(US_ASCII));
        pipe.writer().flush();
    }

    private static String text(ReadResult result) {
        return result.buffer().toString(US_ASCII);
    }

    private final class Part extends PartPipeReader {

        private long left;

        Part(long left) {
            this.left = left;
        }

        @Override
        protected long left() {
            return left;
        }

        @Override
        protected @Nullable ReadResult readOther(boolean wait) throws IOException {
            return wait ? pipe.reader().read() : pipe.reader().tryRead();
        }

        @Override
        protected void advanceOther(long consumed, long examined) {
            left -= consumed;
            pipe.reader().advanceTo(consumed, examined);
        }
    }
}
