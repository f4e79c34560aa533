package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;
import java.util.List;

class Http3FramesTest {

    /** RFC 9000 appendix A.1. */
    @ParameterizedTest
    @CsvSource({
        "151288809941952652, c2197c5eff14e88c",
        "494878333, 9d7f3e7d",
        "15293, 7bbd",
        "37, 25"
    })
    void numbersAreWrittenAsInTheExamplesOfTheRfc(long number, String bytes) {
        byte[] written = Http3Frames.varInt(number);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(bytes);
        assertThat(new Http3ReceivedFrame(0, 4, written, List.of()).varInts())
                .containsExactly(number);
    }

    /** RFC 9000 appendix A.1: "and the two-byte sequence 0x4025 also decodes to 37". */
    @Test
    void numbersMayBeLongerThanTheyNeedToBe() {
        assertThat(Http3Frames.varInt(37, 2)).containsExactly(0x40, 0x25);
    }
}
