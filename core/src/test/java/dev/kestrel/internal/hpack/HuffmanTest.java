package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.hpack.HPackException.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

class HuffmanTest {

    @ParameterizedTest
    @CsvSource({
        "07, 0",
        "57, %",
        "b9, :",
        "f8, &",
        "fe3f, !",
        "9cb4507f, hello",
        "3f, o",
        "fffd, {",
        "fffe5f, \u00d0"
    })
    void codesOfTheRfc(String hex, String text) throws HPackException {
        assertThat(decode(hex(hex))).isEqualTo(text);
        assertThat(HexFormat.of().formatHex(encode(text))).isEqualTo(hex);
    }

    @Test
    void theCodeIsCompleteAndFreeOfPrefixes() {
        // Kraft: the codes of all symbols fill the tree, and none is above another.
        double sum = 0;
        for (int symbol = 0; symbol <= HuffmanCode.EOS; symbol++) {
            sum += Math.scalb(1.0, -HuffmanCode.length(symbol));
        }
        assertThat(sum).isEqualTo(1.0);
        assertThat(HuffmanCode.code(HuffmanCode.EOS)).isEqualTo(0x3fffffff);
    }

    @Test
    void everyPairOfSymbolsIsKept() throws HPackException {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                String text = "" + (char) first + (char) second;
                assertThat(decode(encode(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void randomStringsAreKept() throws HPackException {
        Random random = new Random(7541);
        for (int i = 0; i < 2000; i++) {
            byte[] octets = new byte[random.nextInt(64)];
            random.nextBytes(octets);
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            assertThat(decode(encode(text))).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f8ff", // more than seven bits of padding
                "9cb4507fff",
                "ff",
                "ffffffff", // EOS
                "fffffffc",
                "07fffffffc",
                "00", // padding that is not all ones: "0" and three zeros
                "06",
                "9cb4507e",
                "fe", // a code that is cut
                "ffff",
                "ffffff",
                "fffffe",
            })
    void wrongPaddingEosAndCutCodesAreRefused(String hex) {
        // RFC 7541 section 5.2: "A padding strictly longer than 7 bits MUST be treated as a
        // decoding
        // error. A padding not corresponding to the most significant bits of the code for the EOS
        // symbol MUST be treated as a decoding error. A Huffman-encoded string literal containing
        // the EOS symbol MUST be treated as a decoding error."
        assertRefused(hex(hex), 100, Reason.INVALID_HUFFMAN);
    }

    @Test
    void noMoreIsDecodedThanTheLimit() throws HPackException {
        byte[] bomb = new byte[5 * 1000];
        byte[] out = new byte[8000];
        assertThat(Huffman.decode(bomb, 0, bomb.length, out, 8000)).isEqualTo(8000);
        assertThat(Huffman.maxDecodedLength(bomb.length)).isEqualTo(8000);
        assertRefused(bomb, 7999, Reason.STRING_TOO_LONG);
        assertRefused(bomb, 0, Reason.STRING_TOO_LONG);
    }

    @Test
    void anEmptyStringIsOne() throws HPackException {
        assertThat(decode(new byte[0])).isEmpty();
        assertThat(encode("")).isEmpty();
    }

    @Test
    void aCharacterThatIsNoOctetIsRefused() {
        assertThatThrownBy(() -> Huffman.encodedLength("\u0100"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(byte[] coded, int limit, Reason reason) {
        assertThatThrownBy(() -> Huffman.decode(coded, 0, coded.length, new byte[limit], limit))
                .isInstanceOfSatisfying(
                        HPackException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static byte[] encode(String text) {
        byte[] array = new byte[Huffman.encodedLength(text)];
        assertThat(Huffman.encode(text, array, 0)).isEqualTo(array.length);
        return array;
    }

    private static String decode(byte[] coded) throws HPackException {
        byte[] out = new byte[(int) Huffman.maxDecodedLength(coded.length)];
        int length = Huffman.decode(coded, 0, coded.length, out, out.length);
        return new String(Arrays.copyOf(out, length), StandardCharsets.ISO_8859_1);
    }
}
