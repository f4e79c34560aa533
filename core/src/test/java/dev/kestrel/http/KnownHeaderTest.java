package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

class KnownHeaderTest {

    @ParameterizedTest
    @EnumSource(KnownHeader.class)
    void isFoundInAnyCase(KnownHeader header) {
        String name = header.wireName();
        for (String text :
                new String[] {name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)}) {
            assertThat(KnownHeader.find(text)).isEqualTo(header);
            assertThat(find(text)).isEqualTo(header);
        }
    }

    /** The set of those that are there is one {@code long}. */
    @Test
    void fitsInTheBitsOfALong() {
        Set<Long> bits = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (KnownHeader header : KnownHeader.values()) {
            assertThat(Long.bitCount(header.bit())).isOne();
            assertThat(bits.add(header.bit())).isTrue();
            assertThat(names.add(header.wireName().toLowerCase(Locale.ROOT))).isTrue();
            assertThat(FieldSyntax.isToken(header.wireName())).isTrue();
        }
        assertThat(bits).hasSizeLessThanOrEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "H",
                "Hos",
                "Hostx",
                "Host ",
                " Host",
                "X-Host",
                "Content_Length",
                "Content-Length\0",
                "\u0008ost"
            })
    void findsNoOther(String name) {
        assertThat(KnownHeader.find(name)).isNull();
        assertThat(find(name)).isNull();
    }

    /**
     * '-' and CR, '@' and '`' differ by the bit that makes letters small, but they are no letters.
     */
    @Test
    void onlyLettersHaveCase() {
        for (KnownHeader header : KnownHeader.values()) {
            String name = header.wireName();
            for (int i = 0; i < name.length(); i++) {
                for (int bit = 0; bit < 8; bit++) {
                    char changed = (char) (name.charAt(i) ^ 1 << bit);
                    String text = name.substring(0, i) + changed + name.substring(i + 1);
                    KnownHeader expected = text.equalsIgnoreCase(name) ? header : null;
                    assertThat(find(text)).isEqualTo(expected);
                    assertThat(KnownHeader.find(text)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void readsOnlyItsPartOfAnArray() {
        byte[] line = "xxHost: a".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(KnownHeader.find(line, 2, 6)).isEqualTo(KnownHeader.HOST);
        assertThat(KnownHeader.find(line, 2, 2)).isNull();
        assertThat(KnownHeader.find(line, 1, 6)).isNull();
    }

    private static KnownHeader find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return KnownHeader.find(bytes, 0, bytes.length);
    }
}
