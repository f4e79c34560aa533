package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/** Cookies: RFC 6265. */
class CookiesTest {

    /** Section 3.1: {@code Cookie: SID=31d4d96e407aad42; lang=en-US}. */
    @Test
    void readsPairsInOrder() {
        Cookies cookies = Cookies.parse(List.of("SID=31d4d96e407aad42; lang=en-US"));
        assertThat(cookies.names()).containsExactly("SID", "lang");
        assertThat(cookies.get("SID")).isEqualTo("31d4d96e407aad42");
        assertThat(cookies.get("lang")).isEqualTo("en-US");
        assertThat(cookies.get("sid")).isNull();
    }

    /** HTTP/2 splits the field into crumbs (RFC 9113 section 8.2.3). */
    @Test
    void readsSeveralFields() {
        Cookies cookies = Cookies.parse(List.of("a=1; b=2", "c=3", "a=4"));
        assertThat(cookies.names()).containsExactly("a", "b", "c");
        assertThat(cookies.get("a")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a=|~~",
                "a=1|1",
                "a=1=2|1=2",
                "a=\"1\"|1",
                "a=\"|\"",
                "a=\"\"|~~",
                "a=\"1|\"1",
                "a=%20+|%20+",
                " a = 1 |1",
                ";;a=1;;|1",
                "b;a=1|1",
                "=x;a=1|1",
                "b b=x;a=1|1",
                "a=x y|x y",
                "a=1,b=2|1,b=2"
            })
    void readsValues(String field, String value) {
        assertThat(Cookies.parse(List.of(field)).get("a")).isEqualTo(value);
    }

    @Test
    void onlySpacesAndTabsAreTrimmed() {
        assertThat(Cookies.parse(List.of("a=\t\u20031\t")).get("a")).isEqualTo("\u20031");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "a", "=", "=a", "a b=1", "\"a\"=1", "a\0=1"})
    void leavesOutWhatIsMalformed(String field) {
        assertThat(Cookies.parse(List.of(field)).names()).isEmpty();
    }

    @Test
    void namesCanNotBeChanged() {
        Cookies cookies = Cookies.parse(List.of("a=1"));
        assertThatThrownBy(() -> cookies.names().remove("a"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void writesAttributes() {
        assertThat(SetCookie.of("a", "1")).hasToString("a=1; Path=/; HttpOnly; SameSite=Lax");
        assertThat(new SetCookie("a", "", null, null, null, false, false, null)).hasToString("a=");
        assertThat(
                        SetCookie.of("a", "1")
                                .withPath("/x")
                                .withDomain("example.org")
                                .withMaxAge(Duration.ofHours(1))
                                .withSecure()
                                .withHttpOnly(false)
                                .withSameSite(SetCookie.SameSite.NONE))
                .hasToString(
                        "a=1; Path=/x; Domain=example.org; Max-Age=3600; Secure; SameSite=None");
    }

    /**
     * "If delta-seconds is less than or equal to zero (0), let expiry-time be the earliest
     * representable date" (5.2.2).
     */
    @ParameterizedTest
    @CsvSource({"PT0S,0", "PT-1S,0", "PT0.001S,1", "PT1S,1", "PT1.5S,2", "P365D,31536000"})
    void onlyZeroEndsALife(Duration life, String seconds) {
        assertThat(SetCookie.of("a", "1").withMaxAge(life).toString())
                .contains("; Max-Age=" + seconds + ";");
    }

    /**
     * "cookie-octet": no controls, blanks, quotes, commas, semicolons, backslashes (section 4.1.1).
     */
    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\"", "a,b", "a;b", "a\\b", "a\r\nb", "\u007f", "\u00e9", "\0"})
    void refusesOtherValues(String value) {
        assertThatThrownBy(() -> SetCookie.of("a", value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;", "a\r\n", "\u00e9"})
    void refusesOtherNames(String name) {
        assertThatThrownBy(() -> SetCookie.of(name, "1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A semicolon would begin an attribute of the attacker's choice. */
    @ParameterizedTest
    @ValueSource(strings = {"/;Domain=x", "/\r\nX: y", "/\0"})
    void refusesAttributesThatEndThemselves(String text) {
        assertThatThrownBy(() -> SetCookie.of("a", "1").withPath(text))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SetCookie.of("a", "1").withDomain(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
