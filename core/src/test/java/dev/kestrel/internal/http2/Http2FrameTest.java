package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.ReadResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

class Http2FrameTest {

    private final Http2Frame frame = new Http2Frame(16384);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void theHeaderHasNineBytesAndTheReservedBitIsIgnored() throws IOException {
        ByteSequence bytes = ByteSequence.of(hex("000003 00 01 80000005 616263"));
        assertThat(frame.read(bytes, 0)).isTrue();
        assertThat(frame.length()).isEqualTo(3);
        assertThat(frame.type()).isEqualTo(Http2FrameType.DATA);
        assertThat(frame.has(Http2Flags.END_STREAM)).isTrue();
        assertThat(frame.streamId()).isEqualTo(5);
        assertThat(frame.next()).isEqualTo(12);
        assertThat(frame.data().toByteArray()).isEqualTo(hex("616263"));
    }

    @Test
    void aFrameIsThereOnlyAsAWhole() throws IOException {
        byte[] whole = hex("000003 00 00 00000001 616263");
        for (int length = 0; length < whole.length; length++) {
            assertThat(frame.read(ByteSequence.of(Arrays.copyOf(whole, length)), 0)).isFalse();
        }
    }

    @Test
    void aFrameThatIsTooLongIsRefusedAtItsHeader() {
        assertThatThrownBy(() -> frame.read(ByteSequence.of(hex("004001 00 00 00000001")), 0))
                .isInstanceOfSatisfying(
                        Http2ConnectionException.class,
                        e -> assertThat(e.code()).isEqualTo(Http2ErrorCode.FRAME_SIZE_ERROR));
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 9113 section 6.1: "If the length of the padding is the length of the frame payload or
        // greater, the recipient MUST treat this as a connection error of type PROTOCOL_ERROR."
        "000001 00 08 00000001 01, PROTOCOL_ERROR",
        "000001 00 08 00000001 02, PROTOCOL_ERROR",
        "000002 00 08 00000001 0261, PROTOCOL_ERROR",
        "000000 00 08 00000001, FRAME_SIZE_ERROR",
        "000001 00 08 00000001 00, ''",
        "000003 00 08 00000001 016100, 61",
        "000003 00 08 00000001 020000, ''",
    })
    void padding(String bytes, String expected) throws IOException {
        assertThat(frame.read(ByteSequence.of(hex(bytes)), 0)).isTrue();
        if (expected.endsWith("ERROR")) {
            assertThatThrownBy(frame::data)
                    .isInstanceOfSatisfying(
                            Http2ConnectionException.class,
                            e -> assertThat(e.code().name()).isEqualTo(expected));
        } else {
            assertThat(frame.data().toByteArray()).isEqualTo(hex(expected));
        }
    }

    @Test
    void paddingMustLeaveRoomForThePriority() throws IOException {
        // Row 41: PADDED and PRIORITY, six bytes, padding of one.
        assertThat(frame.read(ByteSequence.of(hex("000006 01 28 00000001 010000000000")), 0))
                .isTrue();
        frame.load();
        assertThatThrownBy(() -> frame.removePadding(5))
                .isInstanceOf(Http2ConnectionException.class);
    }

    @Test
    void aFrameOverSeveralBlocksReadsAsOne() throws IOException {
        MemoryPool pool = new MemoryPool(64);
        Pipe pipe = new Pipe(pool);
        byte[] payload = new byte[300];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        pipe.writer().write(new byte[60]);
        pipe.writer().write(hex("00012c 00 08 00000007"));
        pipe.writer().write(payload);
        pipe.writer().flush();
        ReadResult result = pipe.reader().read();
        assertThat(frame.read(result.buffer(), 60)).isTrue();
        assertThat(frame.streamId()).isEqualTo(7);
        frame.load();
        assertThat(Arrays.copyOfRange(frame.array(), frame.from(), frame.to())).isEqualTo(payload);
        frame.removePadding(0);
        assertThat(Arrays.copyOfRange(frame.array(), frame.from(), frame.to()))
                .isEqualTo(Arrays.copyOfRange(payload, 1, 300));
        pipe.reader().advanceTo(result.buffer().length());
        pipe.reader().complete();
        pipe.writer().complete();
    }
}
