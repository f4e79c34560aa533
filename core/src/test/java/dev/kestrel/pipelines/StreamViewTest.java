package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;

/** A pipe's ends as the streams that the rest of Java knows. */
@Timeout(30)
class StreamViewTest {

    private final MemoryPool pool = new MemoryPool(100);
    private final Pipe pipe = new Pipe(pool, PipeOptions.UNLIMITED);
    private final OutputStream out = pipe.writer().asOutputStream();
    private final InputStream in = pipe.reader().asInputStream();

    @AfterEach
    void closingBothGivesEverythingBack() throws IOException {
        out.close();
        in.close();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        byte[] bytes = new byte[5000];
        new Random(1).nextBytes(bytes);
        out.write(bytes[0]);
        out.write(bytes, 1, 4999);
        out.close();
        assertThat(in.readAllBytes()).isEqualTo(bytes);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void singleBytesAreUnsigned() throws IOException {
        out.write(0xff);
        out.write(0x141);
        out.flush();
        assertThat(in.read()).isEqualTo(0xff);
        assertThat(in.read()).isEqualTo(0x41);
    }

    @Test
    void aReadGivesWhatThereIsAndDoesNotWaitForMore() throws IOException {
        out.write("abc".getBytes(US_ASCII));
        out.flush();
        byte[] target = new byte[10];
        assertThat(in.read(target, 2, 8)).isEqualTo(3);
        assertThat(target).startsWith(0, 0, 'a', 'b', 'c');
        assertThat(in.read(target, 0, 0)).isZero();
        assertThatThrownBy(() -> in.read(target, 5, 6))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void availableNeverWaits() throws IOException {
        assertThat(in.available()).isZero();
        out.write("abc".getBytes(US_ASCII));
        assertThat(in.available()).isZero();
        out.flush();
        assertThat(in.available()).isEqualTo(3);
        assertThat(in.available()).isEqualTo(3);
        assertThat(in.readNBytes(3)).isEqualTo("abc".getBytes(US_ASCII));
        assertThat(in.available()).isZero();
    }

    @Test
    void availableDoesNotHideBytesThatWereExamined() throws IOException {
        out.write("abc".getBytes(US_ASCII));
        out.flush();
        pipe.reader().read();
        pipe.reader().advanceTo(0, 3);
        assertThat(in.available()).as("a read would wait").isZero();
    }

    @Test
    void transferToCopiesToTheEnd() throws IOException {
        byte[] bytes = new byte[1234];
        new Random(2).nextBytes(bytes);
        out.write(bytes);
        out.close();
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        assertThat(in.transferTo(copy)).isEqualTo(1234);
        assertThat(copy.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void theStreamFlushesByItselfAt64KiB() throws IOException {
        out.write(new byte[60_000]);
        assertThat(in.available()).isZero();
        out.write(new byte[10_000]);
        assertThat(in.available()).isEqualTo(70_000);
        out.write(new byte[65_536]);
        assertThat(in.available()).isEqualTo(135_536);
    }

    @Test
    void aFailureOfTheWriterIsThrownAfterItsData() throws IOException {
        IOException failure = new IOException("cut");
        out.write("ab".getBytes(US_ASCII));
        out.flush();
        pipe.writer().complete(failure);
        assertThat(in.read()).isEqualTo('a');
        assertThat(in.read()).isEqualTo('b');
        assertThatThrownBy(in::read).isSameAs(failure);
    }

    @Test
    void withoutAReaderWritingFails() throws IOException {
        in.close();
        out.write(1);
        assertThatThrownBy(out::flush).isInstanceOf(IOException.class).hasMessageContaining("gone");
    }

    @Test
    void aClosedStreamSaysSo() throws IOException {
        out.close();
        out.close();
        in.close();
        in.close();
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> out.write(new byte[2])).isInstanceOf(IOException.class);
        assertThatThrownBy(out::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        assertThatThrownBy(in::available).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void cancellationIsAnError() throws IOException {
        pipe.reader().cancelPendingRead();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("cancel");
        pipe.writer().cancelPendingFlush();
        assertThatThrownBy(out::flush)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cancel");
    }
}
