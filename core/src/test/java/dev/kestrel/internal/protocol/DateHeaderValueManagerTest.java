package dev.kestrel.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

class DateHeaderValueManagerTest {

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    @Test
    void exampleOfRfc9110Section5_6_7() {
        DateHeaderValueManager date =
                new DateHeaderValueManager(Instant.parse("1994-11-06T08:49:37Z"));

        assertThat(date.value().text()).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(new String(date.value().line(), StandardCharsets.US_ASCII))
                .isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    }

    @Test
    void everyDayMonthAndHourIsWrittenAsTheJdkWouldDoIt() {
        Instant start = Instant.parse("1999-12-31T23:59:58Z");
        DateHeaderValueManager date = new DateHeaderValueManager(start);
        for (int i = 0; i < 10_000; i++) {
            Instant now = start.plusSeconds(i * 36_001L);
            date.update(now);
            assertThat(date.value().text()).isEqualTo(IMF_FIXDATE.format(now));
        }
    }

    @Test
    void valueIsTheSameObjectWithinASecond() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        DateHeaderValueManager date = new DateHeaderValueManager(start);
        DateHeaderValueManager.Value first = date.value();

        date.update(start.plusMillis(999));

        assertThat(date.value()).isSameAs(first);
    }
}
