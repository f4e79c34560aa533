package dev.kestrel.cli;

import dev.kestrel.options.KestrelServerLimits;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes such as {@code 30M} and times such as {@code 90s} from the command line. */
final class Sizes {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmg]?)i?b?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    private Sizes() {}

    /** A size for a limit that is an {@code int}, whose own range is below this one. */
    static int asInt(long size) {
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it must be below 2G");
        }
        return (int) size;
    }

    /** Bytes: {@code 500}, {@code 64K}, {@code 30M}, {@code 2G}, {@code unlimited}. */
    static final class Bytes implements ITypeConverter<Long> {

        Bytes() {}

        @Override
        public Long convert(String text) {
            String small = text.toLowerCase(Locale.ROOT);
            if (small.equals("unlimited")) {
                return KestrelServerLimits.UNLIMITED;
            }
            Matcher matcher = SIZE.matcher(small);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a size: give bytes, or 64K, 30M, 2G, unlimited");
            }
            int shift =
                    switch (matcher.group(2)) {
                        case "k" -> 10;
                        case "m" -> 20;
                        case "g" -> 30;
                        default -> 0;
                    };
            try {
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
            } catch (ArithmeticException e) {
                throw new TypeConversionException("'" + text + "' is too large");
            }
        }
    }

    /** A time: {@code 30} or {@code 30s} for seconds, {@code 500ms}, {@code 2m}, {@code 1h}. */
    static final class Time implements ITypeConverter<Duration> {

        Time() {}

        @Override
        public Duration convert(String text) {
            Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time: give seconds, or 500ms, 30s, 2m, 1h");
            }
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case null, default -> Duration.ofSeconds(count);
            };
        }
    }
}
