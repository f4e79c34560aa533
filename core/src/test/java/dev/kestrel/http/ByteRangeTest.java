package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Range requests: RFC 9110 section 14. The body has 10,000 bytes, as in its examples. */
class ByteRangeTest {

    private static final long SIZE = 10_000;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The examples of section 14.1.2.
                "bytes=0-499|0-499",
                "bytes=500-999|500-999",
                "bytes=-500|9500-9999",
                "bytes=9500-|9500-9999",
                "bytes=0-0,-1|0-0 9999-9999",
                "bytes= 0-999, 4500-5499, -1000|0-999 4500-5499 9000-9999",
                // "range-unit names are case-insensitive" (section 14.1).
                "BYTES=0-0|0-0",
                // "If the last-pos value is absent, or greater than or equal to the current length
                // [...]".
                "bytes=0-10000|0-9999",
                "bytes=9999-99999999999999999999999999|9999-9999",
                // "If the selected representation is shorter than the specified suffix-length, the
                // entire representation is used."
                "bytes=-10001|0-9999",
                "bytes=-99999999999999999999999999|0-9999",
                "bytes=,0-0,,1-1,|0-0 1-1",
                // One that is there is enough.
                "bytes=10000-,5-5|5-5"
            })
    void readsRanges(String field, String ranges) {
        assertThat(parse(field)).isEqualTo(ranges);
    }

    /** "If a valid byte-range-set [...] is unsatisfiable": no byte of it is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10000-",
                "bytes=10000-10001",
                "bytes=-0",
                "bytes=99999999999999999999999-",
                "bytes=-0,10000-"
            })
    void findsNothing(String field) {
        assertThat(ByteRange.parse(field, SIZE, 16)).isEmpty();
    }

    /**
     * "A recipient of a ranges-specifier that includes one or more syntactically invalid ranges
     * MUST ignore the field."
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes 0-1",
                "bytes=a-b",
                "bytes=-",
                "bytes=1",
                "bytes=2-1",
                "bytes=0-1-2",
                "bytes=+1-2",
                "bytes=--1",
                "bytes=0x0-1",
                "bytes=0 - 1",
                "bytes=0-1;2-3",
                "lines=0-1",
                "bytes=0-1,x",
                "bytes=\u0661-2"
            })
    void ignoresWhatIsMalformed(String field) {
        assertThat(ByteRange.parse(field, SIZE, 16)).isNull();
    }

    /**
     * Section 14.2 lets a server ignore "a ranges-specifier with more than two overlapping ranges,
     * or a set of many small ranges".
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-,0-",
                "bytes=0-10,5-15",
                "bytes=-1,-1",
                "bytes=5-6,0-9999",
                "bytes=100-200,0-100"
            })
    void ignoresRangesThatOverlap(String field) {
        assertThat(ByteRange.parse(field, SIZE, 16)).isNull();
    }

    @Test
    void ignoresTooManyRanges() {
        String sixteen =
                IntStream.range(0, 16)
                        .mapToObj(i -> 2 * i + "-" + 2 * i)
                        .collect(Collectors.joining(","));
        assertThat(ByteRange.parse("bytes=" + sixteen, SIZE, 16)).hasSize(16);
        assertThat(ByteRange.parse("bytes=" + sixteen + ",99-99", SIZE, 16)).isNull();
        // Those that are not there count as well: they cost as much to read.
        assertThat(ByteRange.parse("bytes=" + sixteen + ",99999-", SIZE, 16)).isNull();
    }

    @Test
    void emptyBodiesHaveNoRanges() {
        assertThat(ByteRange.parse("bytes=0-", 0, 16)).isNull();
        assertThat(ByteRange.parse("bytes=-1", 0, 16)).isNull();
    }

    @Test
    void saysWhereItBelongs() {
        assertThat(new ByteRange(42, 1233).contentRange(1234)).isEqualTo("bytes 42-1233/1234");
        assertThat(new ByteRange(42, 42).length()).isEqualTo(1);
    }

    @Test
    void canNotBeEmptyOrNegative() {
        assertThatThrownBy(() -> new ByteRange(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ByteRange(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String parse(String field) {
        List<ByteRange> ranges = ByteRange.parse(field, SIZE, 16);
        assertThat(ranges).isNotNull();
        return ranges.stream()
                .map(r -> r.first() + "-" + r.last())
                .collect(Collectors.joining(" "));
    }
}
