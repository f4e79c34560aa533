package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Dates in header fields (RFC 9110 section 5.6.7). What is written is always an IMF-fixdate; what
 * is read may also be in the two obsolete formats.
 */
public final class HttpDate {

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] LONG_DAYS = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final int IMF_LENGTH = 29;
    private static final int ASCTIME_LENGTH = 24;
    private static final int RFC850_TAIL = 24;

    private HttpDate() {}

    /**
     * Writes a date.
     *
     * @param time a moment in the years 0 to 9999; fractions of its second are dropped
     * @return a text such as {@code Sun, 06 Nov 1994 08:49:37 GMT}
     * @throws IllegalArgumentException when the year has not four digits
     */
    public static String format(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        if (t.getYear() < 0 || t.getYear() > 9999) {
            throw new IllegalArgumentException(
                    "The year " + t.getYear() + " can not be written in a header field");
        }
        StringBuilder out = new StringBuilder(IMF_LENGTH);
        out.append(DAYS[t.getDayOfWeek().ordinal()]).append(", ");
        twoDigits(out, t.getDayOfMonth())
                .append(' ')
                .append(MONTHS[t.getMonthValue() - 1])
                .append(' ');
        twoDigits(twoDigits(out, t.getYear() / 100), t.getYear() % 100).append(' ');
        twoDigits(out, t.getHour()).append(':');
        twoDigits(out, t.getMinute()).append(':');
        return twoDigits(out, t.getSecond()).append(" GMT").toString();
    }

    /**
     * Reads a date: {@code Sun, 06 Nov 1994 08:49:37 GMT}, or the obsolete {@code Sunday, 06-Nov-94
     * 08:49:37 GMT} and {@code Sun Nov 6 08:49:37 1994}. A year of two digits that would be more
     * than 50 years ahead is the past one.
     *
     * @param text the field's value
     * @return the moment, or {@code null} when the text is not such a date; that the day of the
     *     week fits is not checked
     */
    public static @Nullable Instant parse(String text) {
        return parse(text, Instant.now());
    }

    static @Nullable Instant parse(String text, Instant now) {
        int length = text.length();
        if (length == IMF_LENGTH && text.charAt(3) == ',') {
            return parseImf(text);
        }
        if (length == ASCTIME_LENGTH && text.charAt(3) == ' ') {
            return parseAsctime(text);
        }
        return parseRfc850(text, now);
    }

    private static @Nullable Instant parseImf(String s) {
        boolean shape =
                index(DAYS, s, 0, 3) >= 0
                        && s.charAt(4) == ' '
                        && s.charAt(7) == ' '
                        && s.charAt(11) == ' '
                        && s.charAt(16) == ' '
                        && s.endsWith(" GMT");
        return shape
                ? moment(digits(s, 12, 4), index(MONTHS, s, 8, 3), digits(s, 5, 2), s, 17)
                : null;
    }

    private static @Nullable Instant parseAsctime(String s) {
        boolean shape =
                index(DAYS, s, 0, 3) >= 0
                        && s.charAt(7) == ' '
                        && s.charAt(10) == ' '
                        && s.charAt(19) == ' ';
        if (!shape) {
            return null;
        }
        int day = s.charAt(8) == ' ' ? digits(s, 9, 1) : digits(s, 8, 2);
        return moment(digits(s, 20, 4), index(MONTHS, s, 4, 3), day, s, 11);
    }

    private static @Nullable Instant parseRfc850(String s, Instant now) {
        int comma = s.indexOf(',');
        if (comma < 6 || s.length() != comma + RFC850_TAIL || index(LONG_DAYS, s, 0, comma) < 0) {
            return null;
        }
        int at = comma + 2;
        boolean shape =
                s.charAt(comma + 1) == ' '
                        && s.charAt(at + 2) == '-'
                        && s.charAt(at + 6) == '-'
                        && s.charAt(at + 9) == ' '
                        && s.endsWith(" GMT");
        int shortYear = shape ? digits(s, at + 7, 2) : -1;
        if (shortYear < 0) {
            return null;
        }
        int month = index(MONTHS, s, at + 3, 3);
        int day = digits(s, at, 2);
        LocalDateTime today = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, ZoneOffset.UTC);
        int year = today.getYear() / 100 * 100 + shortYear;
        // "MUST interpret a timestamp that appears to be more than 50 years in the future as
        // representing the most
        // recent year in the past that had the same last two digits" (RFC 9110 section 5.6.7).
        Instant latest = today.plusYears(50).toInstant(ZoneOffset.UTC);
        Instant next = moment(year + 100, month, day, s, at + 10);
        if (next != null && !next.isAfter(latest)) {
            return next;
        }
        Instant found = moment(year, month, day, s, at + 10);
        return found == null || found.isAfter(latest)
                ? moment(year - 100, month, day, s, at + 10)
                : found;
    }

    private static @Nullable Instant moment(int year, int month, int day, String s, int clock) {
        int hour = digits(s, clock, 2);
        int minute = digits(s, clock + 3, 2);
        int second = digits(s, clock + 6, 2);
        boolean colons = s.charAt(clock + 2) == ':' && s.charAt(clock + 5) == ':';
        if (!colons
                || year < 0
                || month < 0
                || day < 1
                || hour < 0
                || minute < 0
                || second < 0
                || second > 60) {
            return null;
        }
        try {
            // A leap second is the one before it: it occurs in the grammar, but not in an Instant.
            return LocalDateTime.of(year, month + 1, day, hour, minute, Math.min(second, 59))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int index(String[] names, String s, int from, int length) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].length() == length && s.startsWith(names[i], from)) {
                return i;
            }
        }
        return -1;
    }

    private static int digits(String s, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            int digit = s.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
