package dev.kestrel.internal.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** RFC 9112 section 7.1: {@code chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF}. */
class ChunkFramingTest {

    private final ChunkFraming framing = new ChunkFraming(32);

    @Test
    void findsSizesInHexadecimal() throws Exception {
        framing.begin();
        accept("1aF\r\n");
        assertThat(framing.dataLeft()).isEqualTo(0x1af);
        framing.takeData(0x1ae);
        assertThat(framing.dataLeft()).isEqualTo(1);
        framing.takeData(1);
        accept("\r\n2;name=value\r\n");
        assertThat(framing.dataLeft()).isEqualTo(2);
        framing.takeData(2);
        accept("\r\n000\r\n");
        assertThat(framing.isLastChunk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1;a\r\n",
                "1;a=b;c\r\n",
                "1;a=\"x;y\"\r\n",
                "1;a=\"\\\"\"\r\n",
                "1; a = b \r\n",
                "1;a ;b\r\n"
            })
    void skipsExtensions(String line) throws Exception {
        framing.begin();
        accept(line);
        assertThat(framing.dataLeft()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                ";a\r\n",
                " 1\r\n",
                "1 \r\n",
                "1 ;a\r\n",
                "0x1\r\n",
                "+1\r\n",
                "-1\r\n",
                "1_0\r\n",
                "1\n",
                "1\rX",
                "g\r\n",
                "1234567890123456",
                "0000000000000001",
                "\u00001\r\n"
            })
    void refusesAnythingElseAsASize(String line) {
        framing.begin();
        assertThatThrownBy(() -> accept(line)).isInstanceOf(RejectedRequestException.class);
    }

    /** {@code chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1;\r\n",
                "1; \r\n",
                "1;=b\r\n",
                "1;a=\r\n",
                "1;a b\r\n",
                "1;a=b=c\r\n",
                "1;a=\"b\"c\r\n",
                "1;;\r\n"
            })
    void refusesExtensionsAgainstTheGrammar(String line) {
        framing.begin();
        assertThatThrownBy(() -> accept(line))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(RequestRejectionReason.BAD_CHUNK_EXTENSION));
    }

    /**
     * CVE-2025-55315 and CVE-2026-33870: a line of an extension ends in CRLF, quoted or not, and in
     * nothing else.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1;a\n",
                "1;a\rb",
                "1;\n",
                "1;a=\"\r\n",
                "1;a=\"x\n",
                "1;a\u0000",
                "1;a\u0007",
                "1;a\u007f",
                "1;\u00e4"
            })
    void refusesAnExtensionThatCouldHideItsEnd(String line) {
        framing.begin();
        assertThatThrownBy(() -> accept(line))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(RequestRejectionReason.BAD_CHUNK_EXTENSION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\n", "\rx", "1\r\n"})
    void refusesDataThatDoNotEndInCrlf(String suffix) throws Exception {
        framing.begin();
        accept("1\r\n");
        framing.takeData(1);
        assertThatThrownBy(() -> accept(suffix))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(RequestRejectionReason.BAD_CHUNK_SUFFIX));
    }

    /** CVE-2023-39326: extensions of all chunks together have a budget. */
    @Test
    void countsExtensionsOverTheWholeBody() throws Exception {
        framing.begin();
        for (int chunk = 0; chunk < 4; chunk++) {
            accept("1;1234567\r\n");
            framing.takeData(1);
            accept("\r\n");
        }
        assertThatThrownBy(() -> accept("1;")).isInstanceOf(RejectedRequestException.class);
    }

    private void accept(String bytes) throws RejectedRequestException {
        for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
            framing.accept(b);
        }
    }
}
