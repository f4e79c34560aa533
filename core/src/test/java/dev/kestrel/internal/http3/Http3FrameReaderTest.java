package dev.kestrel.internal.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Frames of a stream: RFC 9114 section 7.1. */
class Http3FrameReaderTest {

    private final MemoryPool pool = new MemoryPool(4096);
    private final Pipe pipe = new Pipe(pool, PipeOptions.UNLIMITED);
    private final Http3FrameReader frames = new Http3FrameReader(null);

    Http3FrameReaderTest() {
        frames.begin(pipe.reader());
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        pipe.writer().complete();
        frames.end();
    }

    private void send(String octets, int piece) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(octets);
        for (int at = 0; at < bytes.length; at += piece) {
            pipe.writer().write(bytes, at, Math.min(piece, bytes.length - at));
            pipe.writer().flush();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void framesComeInAnyPieces(int piece) throws IOException {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                send("0103616263" + "40214200", piece);
                                send("00".repeat(0x200), piece);
                                pipe.writer().complete();
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        byte[] read = new byte[10];
        assertThat(frames.next()).isTrue();
        assertThat(frames.type()).isEqualTo(Http3FrameType.HEADERS);
        int count = 0;
        while (frames.remaining() > 0) {
            count += frames.read(read, count, 10 - count);
        }
        assertThat(new String(read, 0, count, StandardCharsets.US_ASCII)).isEqualTo("abc");
        assertThat(frames.next()).isTrue();
        assertThat(frames.type()).isEqualTo(0x21);
        assertThat(frames.remaining()).isEqualTo(0x200);
        frames.skip();
        assertThat(frames.next()).isFalse();
        assertThat(frames.hasEnded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "0140", "0002", "000261"})
    void aFrameThatIsCut(String octets) throws IOException {
        send(octets, 100);
        pipe.writer().complete();

        assertThatThrownBy(
                        () -> {
                            while (frames.next()) {
                                frames.skip();
                            }
                        })
                .isInstanceOfSatisfying(
                        Http3ConnectionException.class,
                        e -> assertThat(e.code()).isEqualTo(Http3ErrorCode.FRAME_ERROR));
    }

    @Test
    void theEndIsSeenWithoutAWait() throws IOException {
        send("0000", 100);
        assertThat(frames.next()).isTrue();
        assertThat(frames.looksEnded()).isFalse();
        pipe.writer().complete();
        assertThat(frames.looksEnded()).isTrue();
        assertThat(frames.next()).isFalse();
    }

    @Test
    void whoWaitsCanBeWoken() throws IOException {
        frames.cancel();
        assertThat(frames.next()).isFalse();
        assertThat(frames.hasEnded()).isFalse();
    }
}
