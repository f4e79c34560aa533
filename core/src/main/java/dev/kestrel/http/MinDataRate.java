package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How fast a peer must be at least. Slower is allowed for a time of grace at the start.
 *
 * @param bytesPerSecond more than zero
 * @param gracePeriod more than one second, which is how often it is checked
 */
public record MinDataRate(double bytesPerSecond, Duration gracePeriod) {

    /** A heartbeat's length: a grace period must be longer. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Checks the ranges. */
    public MinDataRate {
        if (!(bytesPerSecond > 0) || Double.isInfinite(bytesPerSecond)) {
            throw new IllegalArgumentException(
                    "minDataRate.bytesPerSecond must be a number above 0, not "
                            + bytesPerSecond
                            + "; to switch the check off, set no rate at all");
        }
        if (gracePeriod.compareTo(HEARTBEAT) <= 0) {
            throw new IllegalArgumentException(
                    "minDataRate.gracePeriod must be longer than 1 s, the time between two checks, not "
                            + gracePeriod);
        }
    }

    /** Changes, for one request, how fast the client must send its body. */
    public interface RequestBodyFeature {
        /**
         * The rate.
         *
         * @return the rate, or {@code null} for none
         */
        @Nullable MinDataRate minRequestBodyDataRate();

        /**
         * Changes the rate.
         *
         * @param rate the rate, or {@code null} for none
         */
        void minRequestBodyDataRate(@Nullable MinDataRate rate);
    }

    /** Changes, for one request, how fast the client must take the response. */
    public interface ResponseFeature {
        /**
         * The rate.
         *
         * @return the rate, or {@code null} for none
         */
        @Nullable MinDataRate minResponseDataRate();

        /**
         * Changes the rate.
         *
         * @param rate the rate, or {@code null} for none
         */
        void minResponseDataRate(@Nullable MinDataRate rate);
    }
}
