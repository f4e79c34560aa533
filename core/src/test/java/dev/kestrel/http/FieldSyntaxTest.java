package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSyntaxTest {

    /**
     * RFC 9110 section 5.6.2: "any VCHAR, except delimiters"; the delimiters are {@code
     * (),/:;<=>?@[\]{}} and the quote.
     */
    @Test
    void tokensHaveNoDelimiters() {
        for (int c = -128; c < 1024; c++) {
            boolean expected = c > 0x20 && c < 0x7f && "(),/:;<=>?@[\\]{}\"".indexOf(c) < 0;
            assertThat(FieldSyntax.isTokenCharacter(c)).as("0x%x", c).isEqualTo(expected);
        }
        assertThat(FieldSyntax.isToken("")).isFalse();
    }

    @Test
    void valuesAreVisibleAsciiSpacesAndTabs() {
        for (int c = 0; c < 1024; c++) {
            boolean valid = c == '\t' || (c >= 0x20 && c <= 0x7e);
            assertThat(FieldSyntax.indexOfInvalidValueCharacter("ab" + (char) c))
                    .as("0x%x", c)
                    .isEqualTo(valid ? -1 : 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "00,0",
        "7,7",
        "0000000000000000001,1",
        "9223372036854775807,9223372036854775807"
    })
    void readsDigits(String text, long number) {
        assertThat(FieldSyntax.parseDigits(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                " 1",
                "1 ",
                "1a",
                "\u0661",
                "9223372036854775808",
                "9999999999999999999",
                "00000000000000000001"
            })
    void refusesWhatIsNoNumber(String text) {
        assertThat(FieldSyntax.parseDigits(text)).isEqualTo(-1);
    }

    /** What clients send must not forge lines of a log. */
    @Test
    void printableTextsAreOneShortLine() {
        assertThat(FieldSyntax.printable("a\r\nb\0\u2028")).isEqualTo("a\\xd\\xab\\x0\\x2028");
        assertThat(FieldSyntax.printable("x".repeat(101))).isEqualTo("x".repeat(100) + "...");
    }
}
