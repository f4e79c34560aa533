package dev.kestrel.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The {@code Date} field, formatted once a second by the heartbeat (RFC 9110 section 5.6.7). */
public final class DateHeaderValueManager {

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private volatile Value value;

    /** Starts with a time. */
    public DateHeaderValueManager(Instant now) {
        value = format(now);
    }

    /** The text and the whole HTTP/1.1 line, of the same moment. */
    public Value value() {
        return value;
    }

    /** Remakes the value when the second has changed. */
    public void update(Instant now) {
        if (now.getEpochSecond() != value.epochSecond) {
            value = format(now);
        }
    }

    private static Value format(Instant now) {
        String text = imfFixdate(now);
        return new Value(
                now.getEpochSecond(),
                text,
                ("Date: " + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** By hand: to load what formats in general takes a start longer than it takes to listen. */
    private static String imfFixdate(Instant now) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS[time.getDayOfWeek().ordinal()]).append(", ");
        twoDigits(text, time.getDayOfMonth()).append(' ');
        text.append(MONTHS[time.getMonthValue() - 1]).append(' ');
        twoDigits(text, time.getYear() / 100);
        twoDigits(text, time.getYear() % 100).append(' ');
        twoDigits(text, time.getHour()).append(':');
        twoDigits(text, time.getMinute()).append(':');
        return twoDigits(text, time.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int value) {
        return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    /**
     * One second's value.
     *
     * @param epochSecond the second
     * @param text the field's value
     * @param line {@code Date: }, the value and CRLF; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Value(long epochSecond, String text, byte[] line) {}
}
