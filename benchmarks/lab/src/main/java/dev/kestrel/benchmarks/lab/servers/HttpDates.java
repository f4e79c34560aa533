package dev.kestrel.benchmarks.lab.servers;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The {@code Date} field for servers that leave it to the application; renewed once a second. */
final class HttpDates {

    private static volatile String now = format();

    private HttpDates() {}

    /** Begins to renew the date. */
    static void start() {
        Thread.ofPlatform().daemon().name("date").start(HttpDates::renew);
    }

    static String now() {
        return now;
    }

    private static void renew() {
        try {
            while (true) {
                Thread.sleep(1000);
                now = format();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String format() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
