package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A part of a body (RFC 9110 section 14).
 *
 * @param first the first byte, from zero
 * @param last the last byte, which is part of the range
 */
public record ByteRange(long first, long last) {

    private static final String UNIT = "bytes=";

    /** Checks the order. */
    public ByteRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException(
                    "There is no range of bytes from " + first + " to " + last);
        }
    }

    /**
     * How many bytes it has.
     *
     * @return one or more
     */
    public long length() {
        return last - first + 1;
    }

    /**
     * The value of {@code Content-Range}.
     *
     * @param size the size of the whole
     * @return a text such as {@code bytes 0-499/1234}
     */
    public String contentRange(long size) {
        return "bytes " + first + '-' + last + '/' + size;
    }

    /**
     * Reads a {@code Range} field for a body whose size is known. The field is ignored, as RFC 9110
     * section 14.2 allows, when its unit is not {@code bytes}, its grammar is wrong, it asks for
     * more than {@code limit} ranges, or the ranges overlap: such a request can only make a server
     * send more than the whole. It is also ignored for an empty body, which has no byte that a
     * range could name.
     *
     * @param field the field's value
     * @param size the size of the whole, in bytes
     * @param limit how many ranges are honoured, one or more
     * @return the ranges in the order of the request, cut to the size; none when no byte of them is
     *     there (416); {@code null} when the field is to be ignored
     */
    public static @Nullable List<ByteRange> parse(String field, long size, int limit) {
        if (size <= 0 || !field.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        List<ByteRange> ranges = new ArrayList<>(1);
        int asked = 0;
        int at = UNIT.length();
        while (at <= field.length()) {
            int comma = field.indexOf(',', at);
            int end = comma < 0 ? field.length() : comma;
            String item = field.substring(at, end).strip();
            at = end + 1;
            if (item.isEmpty()) {
                continue;
            }
            int dash = item.indexOf('-');
            asked++;
            if (dash < 0
                    || asked > limit
                    || !addTo(ranges, item.substring(0, dash), item.substring(dash + 1), size)) {
                return null;
            }
        }
        return asked == 0 || overlap(ranges) ? null : ranges;
    }

    /** False when the grammar is wrong. */
    private static boolean addTo(List<ByteRange> ranges, String from, String to, long size) {
        if (from.isEmpty()) {
            long suffix = position(to);
            if (suffix > 0) {
                ranges.add(new ByteRange(Math.max(0, size - suffix), size - 1));
            }
            return suffix >= 0;
        }
        long first = position(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : position(to);
        // "An int-range is invalid if the last-pos value is present and is less than first-pos"
        // (14.1.1).
        if (first < 0 || last < first) {
            return false;
        }
        if (first < size) {
            ranges.add(new ByteRange(first, Math.min(last, size - 1)));
        }
        return true;
    }

    /** Digits; -1 for anything else. What does not fit a {@code long} is beyond every body. */
    private static long position(String digits) {
        long number = FieldSyntax.parseDigits(digits);
        if (number >= 0 || digits.isEmpty()) {
            return number;
        }
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.MAX_VALUE : -1;
    }

    private static boolean overlap(List<ByteRange> ranges) {
        List<ByteRange> sorted =
                ranges.stream().sorted(Comparator.comparingLong(ByteRange::first)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first <= sorted.get(i - 1).last) {
                return true;
            }
        }
        return false;
    }
}
