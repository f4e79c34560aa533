package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** Header fields: RFC 9110 section 5. */
class HttpHeadersTest {

    private final HttpHeaders fields = new HttpHeaders();

    /** "Field names are case-insensitive" (section 5.1). */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "content-type", "CONTENT-TYPE"})
    void knownNamesCompareWithoutCase(String name) {
        fields.set(name, "text/plain");
        assertThat(fields.get(KnownHeader.CONTENT_TYPE)).isEqualTo("text/plain");
        assertThat(fields.get("cOnTeNt-tYpE")).isEqualTo("text/plain");
        assertThat(fields.nameAt(0)).isEqualTo("Content-Type");
        assertThat(fields.knownAt(0)).isEqualTo(KnownHeader.CONTENT_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Own", "x-own", "X-OWN"})
    void otherNamesCompareWithoutCaseAndStayAsTheyAre(String name) {
        fields.set(name, "1");
        assertThat(fields.get("x-oWn")).isEqualTo("1");
        assertThat(fields.contains("X-own")).isTrue();
        assertThat(fields.nameAt(0)).isEqualTo(name);
        assertThat(fields.knownAt(0)).isNull();
    }

    /**
     * "The order in which field lines with the same name are received is therefore significant"
     * (section 5.3).
     */
    @Test
    void keepsOrderAndDuplicates() {
        fields.add("Via", "a").add("X-Own", "1").add("VIA", "b").add("x-own", "2");
        assertThat(fields.getAll("via")).containsExactly("a", "b");
        assertThat(fields.getAll("X-OWN")).containsExactly("1", "2");
        assertThat(fields.get("Via")).isEqualTo("a");
        assertThat(fields.names()).containsExactly("Via", "X-Own");
        assertThat(fields.size()).isEqualTo(4);
        assertThat(fields).hasToString("Via: a\nX-Own: 1\nVia: b\nx-own: 2\n");
    }

    @Test
    void settingTakesThePlaceOfTheFirstAndRemovesTheOthers() {
        fields.add("Via", "a").add("X-Own", "1").add("Via", "b").add("X-Own", "2");
        fields.set("Via", "c").set("x-own", "3");
        assertThat(fields).hasToString("Via: c\nX-Own: 3\n");
    }

    /** Otherwise a value could end its line and begin another: response splitting. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nSet-Cookie: x=1",
                "a\rb",
                "a\nb",
                "a\0b",
                "\u0007",
                "\u007f",
                "caf\u00e9",
                "\u010a",
                "\u560a"
            })
    void refusesValuesThatCanNotBeSent(String value) {
        assertThatThrownBy(() -> fields.set("X-Own", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.add("X-Own", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.set(KnownHeader.LOCATION, value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.add(KnownHeader.LOCATION, value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fields.size()).isZero();
    }

    /**
     * "field-name = token". Letters beyond ASCII that fold to ASCII ones, as the Kelvin sign does,
     * are not in it.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a:",
                "a\r\nb",
                "a\0",
                "(a)",
                "caf\u00e9",
                "Ho\u017ft",
                "Coo\u212aie",
                "X-\u212a"
            })
    void refusesNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> fields.set(name, "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.add(name, "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fields.get(name)).isNull();
    }

    @Test
    void allowsAllThatIsVisibleSpacesAndTabs() {
        StringBuilder value = new StringBuilder("\t");
        for (char c = 0x20; c <= 0x7e; c++) {
            value.append(c);
        }
        fields.set("X-Own", value.toString());
        assertThat(fields.get("X-Own")).isEqualTo(value.toString());
    }

    @Test
    void contentLengthIsANumber() {
        assertThat(fields.contentLength()).isEqualTo(-1);
        fields.contentLength(42);
        assertThat(fields.get("content-length")).isEqualTo("42");
        fields.set("Content-Length", "43");
        assertThat(fields.contentLength()).isEqualTo(43);
        assertThat(fields.valueAt(0)).isEqualTo("43");
        fields.contentLength(-1);
        assertThat(fields.contains(KnownHeader.CONTENT_LENGTH)).isFalse();
        assertThat(fields.contentLength()).isEqualTo(-1);
        fields.contentLength(Long.MAX_VALUE);
        assertThat(fields.get(KnownHeader.CONTENT_LENGTH)).isEqualTo("9223372036854775807");
    }

    /** "Content-Length = 1*DIGIT" (section 8.6), and a second one can not be right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                " 1",
                "1 ",
                "0x1",
                "1,1",
                "1_0",
                "9223372036854775808",
                "99999999999999999999"
            })
    void refusesOtherContentLengths(String value) {
        assertThatThrownBy(() -> fields.set("Content-Length", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fields.size()).isZero();
    }

    @Test
    void contentLengthCanNotBeGivenTwice() {
        fields.add("Content-Length", "1");
        assertThatThrownBy(() -> fields.add("Content-Length", "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.contentLength(-2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingChangesOnceFrozen() {
        HttpHeaders frozen =
                new HttpHeaders() {
                    {
                        add("Via", "a");
                        freeze();
                    }
                };
        List<Runnable> changes =
                List.of(
                        () -> frozen.set("Via", "b"),
                        () -> frozen.set("X-Own", "b"),
                        () -> frozen.add("Via", "b"),
                        () -> frozen.add("X-Own", "b"),
                        () -> frozen.remove("Via"),
                        () -> frozen.remove("X-Own"),
                        () -> frozen.remove(KnownHeader.VIA),
                        () -> frozen.contentLength(1),
                        () -> frozen.set("Content-Length", "1"),
                        frozen::clear);
        assertThat(frozen.isReadOnly()).isTrue();
        for (Runnable change : changes) {
            assertThatThrownBy(change::run).isInstanceOf(IllegalStateException.class);
        }
        assertThat(frozen).hasToString("Via: a\n");
    }

    @Test
    void indexesAreChecked() {
        fields.add("Via", "a");
        assertThatThrownBy(() -> fields.nameAt(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> fields.valueAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> fields.knownAt(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void growsAsNeeded() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            fields.add(i % 2 == 0 ? "Cookie" : "X-" + i % 7, "v" + i);
            expected.add("v" + i);
        }
        List<String> values = new ArrayList<>();
        fields.forEach((name, value) -> values.add(value));
        assertThat(values).isEqualTo(expected);
        fields.clear();
        assertThat(fields.size()).isZero();
        assertThat(fields.contains("Cookie")).isFalse();
    }
}
