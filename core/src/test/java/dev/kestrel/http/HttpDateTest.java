package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Random;

/** Dates in header fields: RFC 9110 section 5.6.7. */
class HttpDateTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    /** "A sender MUST generate timestamps in the IMF-fixdate format." */
    @Test
    void writesTheFixedFormat() {
        assertThat(HttpDate.format(Instant.parse("1994-11-06T08:49:37.999Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(Instant.parse("0000-01-01T00:00:00Z")))
                .isEqualTo("Sat, 01 Jan 0000 00:00:00 GMT");
    }

    @Test
    void refusesYearsThatDoNotFit() {
        assertThatThrownBy(() -> HttpDate.format(Instant.parse("+10000-01-01T00:00:00Z")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * "A recipient that parses a timestamp value in an HTTP field MUST accept all three HTTP-date
     * formats."
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun Nov 06 08:49:37 1994"
            })
    void readsAllThreeFormats(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
    }

    /**
     * "Recipients of a timestamp value in rfc850-date format, which uses a two-digit year, MUST
     * interpret a timestamp that appears to be more than 50 years in the future as representing the
     * most recent year in the past that had the same last two digits."
     */
    @ParameterizedTest
    @CsvSource({"26,2026", "00,2000", "75,2075", "76,2076", "77,1977", "94,1994", "99,1999"})
    void yearsOfTwoDigitsAreAtMostFiftyYearsAhead(String shortYear, int year) {
        Instant parsed = HttpDate.parse("Sunday, 06-Nov-" + shortYear + " 08:49:37 GMT", NOW);
        assertThat(parsed).isEqualTo(Instant.parse(year + "-11-06T08:49:37Z"));
    }

    @Test
    void fiftyYearsAreCountedToTheSecond() {
        assertThat(HttpDate.parse("Saturday, 21-Nov-76 00:00:00 GMT", NOW))
                .isEqualTo(Instant.parse("2076-11-21T00:00:00Z"));
        assertThat(HttpDate.parse("Saturday, 21-Nov-76 00:00:01 GMT", NOW))
                .isEqualTo(Instant.parse("1976-11-21T00:00:01Z"));
    }

    /** Near the end of a century the year that was meant may be in the next one. */
    @Test
    void yearsOfTwoDigitsMayBeInTheNextCentury() {
        assertThat(
                        HttpDate.parse(
                                "Sunday, 06-Nov-05 08:49:37 GMT",
                                Instant.parse("2098-01-01T00:00:00Z")))
                .isEqualTo(Instant.parse("2105-11-06T08:49:37Z"));
    }

    /** The grammar allows second 60: "second = 2DIGIT". */
    @Test
    void leapSecondIsTheOneBeforeIt() {
        assertThat(HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT"))
                .isEqualTo(Instant.parse("2016-12-31T23:59:59Z"));
    }

    /** "HTTP-date is case sensitive"; and nothing may be left out or added. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "never",
                "sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 gmt",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT ",
                " Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:60:00 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 06 Nov 1994 08-49-37 GMT",
                "Sun, +6 Nov 1994 08:49:37 GMT",
                "Xxx, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-1994 08:49:37 GMT",
                "Sunday, 06 Nov 94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 94",
                "Sun Nov   6 08:49:37 1994"
            })
    void refusesEverythingElse(String text) {
        assertThat(HttpDate.parse(text)).isNull();
    }

    @Test
    void readsWhatItWrites() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Instant time =
                    Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L));
            assertThat(HttpDate.parse(HttpDate.format(time))).isEqualTo(time);
        }
    }

    @Test
    void neverThrows() {
        Random random = new Random(2);
        String valid = "Sunday, 06-Nov-94 08:49:37 GMT";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(valid);
            for (int edits = random.nextInt(4); edits >= 0 && !text.isEmpty(); edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) random.nextInt(128));
                    default -> text.setCharAt(at, (char) random.nextInt(256));
                }
            }
            HttpDate.parse(text.toString());
        }
    }
}
