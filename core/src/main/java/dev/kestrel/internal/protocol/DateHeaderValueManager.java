package dev.kestrel.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} field, formatted once a second by the heartbeat (RFC 9110 section 5.6.7). */
public final class DateHeaderValueManager {

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

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
        String text = IMF_FIXDATE.format(now);
        return new Value(
                now.getEpochSecond(),
                text,
                ("Date: " + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
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
