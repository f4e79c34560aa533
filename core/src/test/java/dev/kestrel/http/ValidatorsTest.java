package dev.kestrel.http;

import static dev.kestrel.http.Validators.Outcome.NOT_MODIFIED;
import static dev.kestrel.http.Validators.Outcome.PRECONDITION_FAILED;
import static dev.kestrel.http.Validators.Outcome.PROCEED;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.Validators.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.stream.Stream;

/** Conditional requests: RFC 9110 section 13. */
class ValidatorsTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String SAME = "Fri, 02 Jan 2026 03:04:05 GMT";
    private static final String EARLIER = "Fri, 02 Jan 2026 03:04:04 GMT";
    private static final String LATER = "Fri, 02 Jan 2026 03:04:06 GMT";
    private static final Validators STRONG = new Validators(EntityTag.strong("a"), TIME);
    private static final Validators WEAK = new Validators(EntityTag.weak("a"), TIME);

    static Stream<Arguments> conditions() {
        return Stream.of(
                // Section 13.1.1: "*" is true when there is a current representation; tags compare
                // strongly.
                Arguments.of(STRONG, "GET", PROCEED, "If-Match: *"),
                Arguments.of(STRONG, "PUT", PROCEED, "If-Match: \"x\", \"a\""),
                Arguments.of(STRONG, "GET", PRECONDITION_FAILED, "If-Match: \"x\""),
                Arguments.of(STRONG, "GET", PRECONDITION_FAILED, "If-Match: W/\"a\""),
                Arguments.of(WEAK, "GET", PRECONDITION_FAILED, "If-Match: W/\"a\""),
                Arguments.of(STRONG, "GET", PRECONDITION_FAILED, "If-Match: a"),
                Arguments.of(Validators.NONE, "PUT", PRECONDITION_FAILED, "If-Match: *"),
                // Section 13.1.2: "*" is false when there is one; tags compare weakly; 304 for GET
                // and HEAD, else 412.
                Arguments.of(STRONG, "GET", NOT_MODIFIED, "If-None-Match: \"a\""),
                Arguments.of(STRONG, "HEAD", NOT_MODIFIED, "If-None-Match: W/\"a\""),
                Arguments.of(WEAK, "GET", NOT_MODIFIED, "If-None-Match: \"a\""),
                Arguments.of(STRONG, "GET", NOT_MODIFIED, "If-None-Match: \"x\", \"a\""),
                Arguments.of(
                        STRONG, "GET", NOT_MODIFIED, "If-None-Match: \"x\"\nIf-None-Match: \"a\""),
                Arguments.of(STRONG, "GET", NOT_MODIFIED, "If-None-Match: *"),
                Arguments.of(STRONG, "PUT", PRECONDITION_FAILED, "If-None-Match: *"),
                Arguments.of(STRONG, "DELETE", PRECONDITION_FAILED, "If-None-Match: \"a\""),
                Arguments.of(STRONG, "GET", PROCEED, "If-None-Match: \"x\""),
                Arguments.of(Validators.NONE, "PUT", PROCEED, "If-None-Match: *"),
                // Section 13.1.3: for GET and HEAD alone, and with valid, single dates.
                Arguments.of(STRONG, "GET", NOT_MODIFIED, "If-Modified-Since: " + SAME),
                Arguments.of(STRONG, "HEAD", NOT_MODIFIED, "If-Modified-Since: " + LATER),
                Arguments.of(STRONG, "GET", PROCEED, "If-Modified-Since: " + EARLIER),
                Arguments.of(STRONG, "POST", PROCEED, "If-Modified-Since: " + SAME),
                Arguments.of(STRONG, "GET", PROCEED, "If-Modified-Since: yesterday"),
                Arguments.of(
                        STRONG,
                        "GET",
                        PROCEED,
                        "If-Modified-Since: " + SAME + "\nIf-Modified-Since: " + SAME),
                Arguments.of(Validators.NONE, "GET", PROCEED, "If-Modified-Since: " + SAME),
                // Section 13.1.4.
                Arguments.of(STRONG, "PUT", PROCEED, "If-Unmodified-Since: " + SAME),
                Arguments.of(STRONG, "GET", PROCEED, "If-Unmodified-Since: " + LATER),
                Arguments.of(STRONG, "GET", PRECONDITION_FAILED, "If-Unmodified-Since: " + EARLIER),
                Arguments.of(STRONG, "GET", PROCEED, "If-Unmodified-Since: yesterday"),
                // Section 13.2.2: tags win over dates, and If-Match comes before If-None-Match.
                Arguments.of(
                        STRONG, "GET", PROCEED, "If-Match: \"a\"\nIf-Unmodified-Since: " + EARLIER),
                Arguments.of(
                        STRONG, "GET", PROCEED, "If-None-Match: \"x\"\nIf-Modified-Since: " + SAME),
                Arguments.of(
                        STRONG,
                        "GET",
                        NOT_MODIFIED,
                        "If-None-Match: \"a\"\nIf-Modified-Since: " + EARLIER),
                Arguments.of(STRONG, "GET", NOT_MODIFIED, "If-Match: \"a\"\nIf-None-Match: \"a\""),
                Arguments.of(
                        STRONG,
                        "GET",
                        PRECONDITION_FAILED,
                        "If-Match: \"x\"\nIf-None-Match: \"a\""),
                Arguments.of(STRONG, "GET", PROCEED, ""));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void evaluatesInTheOrderOfTheRfc(
            Validators validators, String method, Outcome outcome, String fields) {
        assertThat(validators.evaluate(method, fields(fields))).isEqualTo(outcome);
    }

    /** Section 13.1.5: the strong comparison for a tag, an exact match for a date. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\"|true",
                "\"b\"|false",
                "W/\"a\"|false",
                SAME + "|true",
                EARLIER + "|false",
                LATER + "|false",
                "nonsense|false"
            })
    void rangeNeedsTheVeryState(String condition, boolean applies) {
        assertThat(STRONG.rangeApplies(fields("If-Range: " + condition))).isEqualTo(applies);
        assertThat(STRONG.rangeApplies(fields(""))).isTrue();
    }

    /**
     * "A client MUST NOT generate an If-Range header field containing an entity tag that is marked
     * as weak."
     */
    @Test
    void weakTagsNeverAllowRanges() {
        assertThat(WEAK.rangeApplies(fields("If-Range: \"a\""))).isFalse();
        assertThat(WEAK.rangeApplies(fields("If-Range: W/\"a\""))).isFalse();
    }

    @Test
    void writesItsFields() {
        HttpHeaders fields = new HttpHeaders();
        STRONG.writeTo(fields);
        assertThat(fields.get("ETag")).isEqualTo("\"a\"");
        assertThat(fields.get("Last-Modified")).isEqualTo(SAME);
    }

    private static HttpHeaders fields(String lines) {
        HttpHeaders fields = new HttpHeaders();
        lines.lines()
                .forEach(
                        line -> {
                            int colon = line.indexOf(": ");
                            fields.add(line.substring(0, colon), line.substring(colon + 2));
                        });
        return fields;
    }
}
