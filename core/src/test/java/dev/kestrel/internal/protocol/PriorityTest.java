package dev.kestrel.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9218 section 4. */
class PriorityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u=5|5|false",
                "u=0, i|0|true",
                "i|3|true",
                "i=?0|3|false",
                "i=?1 , u=7|7|true",
                "u=2;x=1, i;y|2|true",
                "a=\"u=1,i\", u=4|4|false",
                "u=1, u=6|6|false",
                "u=9, i|3|true"
            })
    void theMembersUAndICount(String text, int urgency, boolean incremental) {
        assertThat(Priority.parse(text)).isEqualTo(Priority.of(urgency, incremental));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u=8", "u=-1", "u=1.0", "x", "u=\"1\"", "u=1, a=\"open"})
    void unknownParametersAndValuesOutOfRangeAreIgnored(String text) {
        assertThat(Priority.parse(text)).isSameAs(Priority.DEFAULT);
    }

    @Test
    void whoSaysNothingSharesFairly() {
        assertThat(Priority.parse(null)).isEqualTo(new Priority(3, true));
    }
}
