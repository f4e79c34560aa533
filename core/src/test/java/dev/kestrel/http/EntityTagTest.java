package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Entity tags: RFC 9110 section 8.8.3. */
class EntityTagTest {

    /** The examples of section 8.8.3. */
    @ParameterizedTest
    @ValueSource(strings = {"\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "\"W/\"", "\"a,b\"", "\"\u00e9\""})
    void readsAndWritesTags(String text) {
        EntityTag tag = EntityTag.parse(text);
        assertThat(tag).isNotNull().hasToString(text);
        assertThat(tag.weak()).isEqualTo(text.startsWith("W/"));
    }

    /** "W/" is case-sensitive; tags are quoted; spaces and quotes are no tag characters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "xyzzy",
                "\"xyzzy",
                "xyzzy\"",
                "w/\"x\"",
                "W/x",
                "W/",
                "\"a b\"",
                "\"a\"b\"",
                "\"a\" "
            })
    void refusesWhatIsNoTag(String text) {
        assertThat(EntityTag.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a b", "a\r\nb", "\u007f"})
    void canNotBeMadeFromOtherCharacters(String opaque) {
        assertThatThrownBy(() -> EntityTag.strong(opaque))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The table of section 8.8.3.2. */
    @ParameterizedTest
    @CsvSource({
        "W/\"1\", W/\"1\", false, true",
        "W/\"1\", W/\"2\", false, false",
        "W/\"1\", \"1\", false, true",
        "\"1\", \"1\", true, true",
        "\"1\", \"2\", false, false"
    })
    void compares(String one, String other, boolean strong, boolean weak) {
        EntityTag first = tag(one);
        EntityTag second = tag(other);
        assertThat(first.matchesStrongly(second)).isEqualTo(strong);
        assertThat(second.matchesStrongly(first)).isEqualTo(strong);
        assertThat(first.matchesWeakly(second)).isEqualTo(weak);
    }

    @Test
    void readsLists() {
        EntityTag a = EntityTag.strong("a,b");
        EntityTag b = EntityTag.weak("c");
        assertThat(EntityTag.parseList(List.of("\"a,b\", W/\"c\""))).containsExactly(a, b);
        assertThat(EntityTag.parseList(List.of("\"a,b\"", "W/\"c\""))).containsExactly(a, b);
        // "A recipient MUST parse and ignore a reasonable number of empty list elements" (section
        // 5.6.1.2).
        assertThat(EntityTag.parseList(List.of(",, \"a,b\" ,\t, W/\"c\" ,"))).containsExactly(a, b);
    }

    @Test
    void listsEndAtWhatIsNoTag() {
        assertThat(EntityTag.parseList(List.of("\"a\", b, \"c\"")))
                .containsExactly(EntityTag.strong("a"));
        assertThat(EntityTag.parseList(List.of("\"a\" \"b\"")))
                .containsExactly(EntityTag.strong("a"));
        assertThat(EntityTag.parseList(List.of("", "\"never closed"))).isEmpty();
    }

    private static EntityTag tag(String text) {
        EntityTag tag = EntityTag.parse(text);
        assertThat(tag).isNotNull();
        return tag;
    }
}
