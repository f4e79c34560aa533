package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.http2.WriterTesting.Frame;
import dev.kestrel.internal.http2.WriterTesting.Stream;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.PipeOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** How header blocks are cut: RFC 9113 sections 4.3 and 6.10. */
@Timeout(60)
class Http2HeaderFramesTest {

    private static final int FRAME = 16_384;

    private final WriterTesting testing = new WriterTesting();

    @AfterEach
    void ends() throws Exception {
        testing.stop();
    }

    /** Reads HEADERS and its CONTINUATION frames, and checks the cut. */
    private byte[] readBlock(int headersFlags) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        Frame frame = testing.read();
        assertThat(frame.type()).isEqualTo(Http2FrameType.HEADERS);
        assertThat(frame.flags() & ~Http2Flags.END_HEADERS).isEqualTo(headersFlags);
        while (true) {
            block.writeBytes(frame.payload());
            assertThat(frame.payload()).isNotEmpty();
            if (frame.has(Http2Flags.END_HEADERS)) {
                assertThat(frame.payload()).hasSizeLessThanOrEqualTo(FRAME);
                return block.toByteArray();
            }
            assertThat(frame.payload()).hasSize(FRAME);
            frame = testing.read();
            assertThat(frame.type()).isEqualTo(Http2FrameType.CONTINUATION);
            assertThat(frame.flags() & ~Http2Flags.END_HEADERS).isZero();
        }
    }

    /** Each size of a block around one and two frames, in one long value. */
    @ParameterizedTest
    @ValueSource(ints = {FRAME, 2 * FRAME})
    void blocksAroundTheSizeOfAFrameAreCutExactly(int around) throws Exception {
        testing.start();
        for (int less = 80; less >= 0; less--) {
            Stream stream = testing.stream(2 * (80 - less) + 1);
            // A character that the Huffman code makes no shorter.
            String value = "~".repeat(around - less);
            stream.response().headers().set("X", value);
            stream.response().complete();
            assertThat(testing.fields(readBlock(Http2Flags.END_STREAM))).contains("x: " + value);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 20_000, 1 << 20})
    void aLongValueIsSentWhole(int length) throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        String value = "v".repeat(length);
        stream.response().headers().set("X-Long", value);
        stream.response().complete();
        assertThat(testing.fields(readBlock(Http2Flags.END_STREAM))).contains("x-long: " + value);
    }

    @Test
    void aNameLongerThanAFrameIsSentWhole() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        String name = "n".repeat(40_000);
        stream.response().headers().set(name, "v");
        stream.response().complete();
        assertThat(testing.fields(readBlock(Http2Flags.END_STREAM))).contains(name + ": v");
    }

    @Test
    void tenThousandFieldsAreSent() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        for (int i = 0; i < 10_000; i++) {
            stream.response().headers().add("x-" + i, "value of " + i);
        }
        stream.response().complete();
        assertThat(testing.fields(readBlock(Http2Flags.END_STREAM)))
                .containsAll(
                        IntStream.range(0, 10_000)
                                .mapToObj(i -> "x-" + i + ": value of " + i)
                                .toList());
    }

    @Test
    void longTrailersEndTheStreamWithTheirHeadersFrame() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.response().trailers().set("X-Long", "~".repeat(1 << 20));
        stream.response().complete();
        testing.fields(readBlock(Http2Flags.NONE));
        assertThat(testing.fields(readBlock(Http2Flags.END_STREAM)))
                .containsExactly("x-long: " + "~".repeat(1 << 20));
    }

    /** RFC 7541 section 4.2: the smallest size that occurred, and then the last. */
    @Test
    void changesOfTheTableAreAnnouncedAfterTheirAcknowledgement() throws Exception {
        testing.writer.peerSettings(FRAME, 0, Long.MAX_VALUE);
        testing.writer.peerSettings(FRAME, 1024, Long.MAX_VALUE);
        testing.writer.controls().settingsAck();
        testing.start();
        assertThat(testing.read().toString()).isEqualTo("SETTINGS 0 1 0");

        Stream stream = testing.stream(1);
        stream.response().headers().set("X-Long", "~".repeat(20_000));
        stream.response().complete();
        byte[] block = readBlock(Http2Flags.END_STREAM);
        // 0x20 is 0; 0x3f 0xe1 0x07 is 31 + 97 + 7 * 128.
        assertThat(block).startsWith(0x20, 0x3f, 0xe1, 0x07);
        assertThat(testing.fields(block)).contains("x-long: " + "~".repeat(20_000));
    }

    @Test
    void aCharsetThatBringsInALineBreakEndsTheConnection() throws Exception {
        WriterTesting broken = encoding("a\r\nb");
        Stream bad = broken.stream(1);
        Stream waiting = broken.stream(3);
        bad.response().headers().set("X-Bad", "\u0161");
        bad.response().complete();
        waiting.response().complete();
        broken.start();

        assertThat(broken.failures.take()).isInstanceOf(IllegalArgumentException.class);
        assertThat(bad.ends.take()).isFalse();
        assertThat(waiting.ends.take()).isFalse();
        broken.writer.finish(Integer.MAX_VALUE, Http2ErrorCode.INTERNAL_ERROR);
        assertThat(broken.read().toString()).isEqualTo("GOAWAY 0 0 8");
        broken.stop();
    }

    @Test
    void aBlockThatFailsHalfWayIsTheLastThatIsSent() throws Exception {
        WriterTesting broken = encoding("a\r\nb");
        Stream bad = broken.stream(1);
        bad.response().headers().set("X-Long", "~".repeat(FRAME)).set("X-Bad", "\u0161");
        bad.response().complete();
        broken.start();

        assertThat(broken.failures.take()).isInstanceOf(IllegalArgumentException.class);
        broken.writer.controls().ping(true, 1);
        broken.writer.finish(Integer.MAX_VALUE, Http2ErrorCode.INTERNAL_ERROR);
        broken.writer.awaitFinished();
        broken.stop();
        broken.toClient.writer().complete();
        assertThat(broken.toClient.reader().asInputStream().readAllBytes())
                .as("at most the piece that was cut off before")
                .hasSizeLessThanOrEqualTo(FRAME + 9);
    }

    private static WriterTesting encoding(String made) {
        Charset charset = new SubstituteCharset(made);
        return new WriterTesting(
                KestrelServerOptions.builder()
                        .responseHeaderEncodingSelector(name -> charset)
                        .build(),
                PipeOptions.UNLIMITED);
    }

    /** A charset that makes of any text the same octets. */
    private static final class SubstituteCharset extends Charset {

        private final byte[] octets;

        SubstituteCharset(String made) {
            super("x-substitute", new String[0]);
            octets = made.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public boolean contains(Charset other) {
            return true;
        }

        @Override
        public CharsetDecoder newDecoder() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CharsetEncoder newEncoder() {
            return new CharsetEncoder(this, octets.length, octets.length) {
                @Override
                protected CoderResult encodeLoop(CharBuffer in, ByteBuffer out) {
                    while (in.hasRemaining()) {
                        if (out.remaining() < octets.length) {
                            return CoderResult.OVERFLOW;
                        }
                        in.get();
                        out.put(octets);
                    }
                    return CoderResult.UNDERFLOW;
                }

                @Override
                public boolean isLegalReplacement(byte[] replacement) {
                    return true;
                }
            };
        }
    }
}
