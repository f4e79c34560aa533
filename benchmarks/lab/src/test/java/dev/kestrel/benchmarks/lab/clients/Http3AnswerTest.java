package dev.kestrel.benchmarks.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;

class Http3AnswerTest {

    /**
     * "line 25 of the static table ...; some take only the name from there, and write the value".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "01030000d9 00056162636465",
                "0106 0000d9540135 00056162636465",
                "0108 00005f0903323030 00056162636465",
                "0108 00005f0982100154 00056162636465",
                "0103 0000d9 4021023132 000161 000462636465"
            })
    void aStatusOf200IsKnownInEachForm(String hex) {
        Http3Answer answer = read(hex);

        assertThat(answer.isOk()).isTrue();
        assertThat(answer.length()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"01030000db", "01080000 5f0903343034", "0103 0000d9 0005616263", "00", ""})
    void anotherStatusOrTheBeginOfAFrameIsNotOk(String hex) {
        assertThat(read(hex).isOk()).isFalse();
    }

    /** Frames do not end where reads end (RFC 9114 section 7.1). */
    @Test
    void framesMayComeByteByByte() {
        Http3Answer answer = new Http3Answer();
        for (byte octet : bytes("4001 4003 0000d9 4000 8000 0002 6162")) {
            answer.read(Unpooled.wrappedBuffer(new byte[] {octet}));
        }

        assertThat(answer.isOk()).isTrue();
        assertThat(answer.length()).isEqualTo(2);
    }

    private static Http3Answer read(String hex) {
        Http3Answer answer = new Http3Answer();
        answer.read(Unpooled.wrappedBuffer(bytes(hex)));
        return answer;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
