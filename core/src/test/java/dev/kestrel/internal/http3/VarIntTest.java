package dev.kestrel.internal.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.pipelines.ByteSequence;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/** RFC 9000 section 16 and its appendix A.1. */
class VarIntTest {

    @ParameterizedTest
    @CsvSource({
        "c2197c5eff14e88c, 151288809941952652",
        "9d7f3e7d, 494878333",
        "7bbd, 15293",
        "25, 37",
        "00, 0",
        "3f, 63",
        "4040, 64",
        "7fff, 16383",
        "80004000, 16384",
        "ffffffffffffffff, 4611686018427387903"
    })
    void valuesAreReadAndWritten(String octets, long value) {
        byte[] bytes = HexFormat.of().parseHex(octets);

        assertThat(VarInt.read(bytes, 0, bytes.length)).isEqualTo(value);
        assertThat(VarInt.read(ByteSequence.of(bytes), 0)).isEqualTo(value);
        assertThat(VarInt.read(bytes, 0, bytes.length - 1)).isEqualTo(VarInt.INCOMPLETE);
        byte[] written = new byte[bytes.length];
        assertThat(VarInt.write(value, written, 0)).isEqualTo(bytes.length);
        assertThat(written).isEqualTo(bytes);
    }

    /** "0x4025" is 37 as well: only writers are asked for the shortest. */
    @ParameterizedTest
    @CsvSource({"4025, 37", "80000025, 37", "c000000000000025, 37"})
    void longerFormsAreRead(String octets, long value) {
        byte[] bytes = HexFormat.of().parseHex(octets);

        assertThat(VarInt.read(bytes, 0, bytes.length)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"0, 80000000", "37, 80000025", "1073741823, bfffffff"})
    void lengthsThatAreFilledInLaterHaveFourOctets(int value, String octets) {
        byte[] written = new byte[4];
        VarInt.write4(value, written, 0);

        assertThat(HexFormat.of().formatHex(written)).isEqualTo(octets);
    }
}
