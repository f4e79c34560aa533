package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** How the two ends of a pipe end, and what the other one hears of it. */
@Timeout(30)
class PipeCompletionTest extends OnePipe {

    @Test
    void completingTheWriterFlushesAndEndsTheStream() throws IOException {
        writer.write(bytes("end"));
        writer.complete();
        ReadResult result = reader.read();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("end");
        assertThat(result.isCompleted()).isTrue();
        reader.advanceTo(3);
        assertThat(reader.read().isCompleted()).isTrue();
        reader.advanceTo(0);
    }

    @Test
    void aWriterThatFailsIsHeardOfAfterItsDataAndWithItsOwnException() throws IOException {
        IOException failure = new IOException("cable cut");
        writer.write(bytes("data"));
        writer.flush();
        writer.write(bytes("never flushed"));
        writer.complete(failure);

        ReadResult result = reader.read();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("data");
        assertThat(result.isCompleted()).isFalse();
        reader.advanceTo(0, 4);
        assertThatThrownBy(reader::read).isSameAs(failure);
        assertThatThrownBy(reader::tryRead).isSameAs(failure);
    }

    @Test
    void anotherKindOfFailureIsWrapped() {
        RuntimeException failure = new IllegalStateException("odd");
        writer.complete(failure);
        assertThatThrownBy(reader::read)
                .isInstanceOf(IOException.class)
                .hasMessage("odd")
                .hasCause(failure);
    }

    @Test
    void completingTheReaderDropsBytesAndEndsTheWait() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(100, outcome);
        awaitWaiting(thread);
        reader.complete();
        thread.join();
        assertThat(outcome.get()).isEqualTo(FlushResult.COMPLETED);
        assertThat(pool.stats().rented()).isZero();

        writer.write(new byte[500]);
        assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void aReaderThatFailsIsHeardOfByTheWriter() {
        IOException failure = new IOException("full");
        reader.complete(failure);
        writer.write(new byte[10]);
        assertThatThrownBy(writer::flush).isSameAs(failure);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = flushInBackground(100, outcome);
        awaitWaiting(thread);
        thread.interrupt();
        thread.join();
        assertThat(outcome.get()).isInstanceOf(java.io.InterruptedIOException.class);
        reader.read();
        reader.advanceTo(100);
    }

    @Test
    void resetNeedsBothEndsCompletedAndMakesThePipeNew() throws IOException {
        writer.complete(new IOException("gone"));
        assertThatIllegalStateException().isThrownBy(pipe::reset);
        reader.complete();
        pipe.reset();

        writer.write(bytes("again"));
        writer.flush();
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("again");
        reader.advanceTo(5);
    }

    @Test
    void completedEndsRefuseWork() {
        writer.complete();
        writer.complete(new IOException("ignored: the first call counts"));
        reader.complete();
        reader.complete();
        assertThatIllegalStateException().isThrownBy(reader::read);
        assertThatIllegalStateException().isThrownBy(() -> reader.advanceTo(0));
        assertThatIllegalStateException().isThrownBy(writer::flush);
        assertThatIllegalStateException().isThrownBy(() -> writer.write(1));
    }
}
