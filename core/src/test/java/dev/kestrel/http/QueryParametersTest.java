package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

/** {@code application/x-www-form-urlencoded}, as the WHATWG URL standard reads it. */
class QueryParametersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "?a=1|1",
                "a=1|1",
                "a|~~",
                "a=|~~",
                "a=1=2|1=2",
                "b=2&a=1|1",
                "&&a=1&&|1",
                "b&a=1|1",
                "a=x+y|x y",
                "a=x%20y|x y",
                "a=%2B|+",
                "a=%C3%A9|\u00e9",
                "a=%c3%a9|\u00e9",
                "%61=1|1",
                // An escape that is not valid stays as it is.
                "a=%|%",
                "a=%4|%4",
                "a=%zz|%zz",
                "a=%%41|%A",
                "a=100%25|100%",
                // Bytes that are not UTF-8 become the replacement character.
                "a=%ff|\ufffd",
                "a=1;b=2|1;b=2"
            })
    void readsValues(String query, String value) {
        assertThat(QueryParameters.parse(query).get("a")).isEqualTo(value);
    }

    @Test
    void keepsAllValuesInOrder() {
        QueryParameters query = QueryParameters.parse("?b=1&a=2&b=3&b");
        assertThat(query.names()).containsExactly("b", "a");
        assertThat(query.getAll("b")).containsExactly("1", "3", "");
        assertThat(query.get("b")).isEqualTo("1");
        assertThat(query.get("c")).isNull();
        assertThat(query.getAll("c")).isEmpty();
    }

    @Test
    void theEmptyNameIsAName() {
        assertThat(QueryParameters.parse("=1").get("")).isEqualTo("1");
        assertThat(QueryParameters.parse("").names()).isEmpty();
        assertThat(QueryParameters.parse("?").names()).isEmpty();
        assertThat(QueryParameters.parse("&").names()).isEmpty();
    }

    @Test
    void namesCanNotBeChanged() {
        Set<String> names = QueryParameters.parse("a=1").names();
        assertThatThrownBy(() -> names.remove("a"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    /**
     * Each name is looked at once, however many have no value: four megabytes would take hours
     * otherwise.
     */
    @Test
    void readsLongTextsInLinearTime() {
        QueryParameters query = QueryParameters.parse("a&".repeat(2_000_000));
        assertThat(query.getAll("a")).hasSize(2_000_000);
    }
}
