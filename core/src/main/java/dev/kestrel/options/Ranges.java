package dev.kestrel.options;

import java.time.Duration;
import java.util.Objects;

/** Checks what builders are given, and names what is out of its range. */
final class Ranges {

    private final String prefix;

    /** For options whose names begin with something, such as {@code limits.http2.} */
    Ranges(String prefix) {
        this.prefix = prefix;
    }

    void atLeast(String name, long value, long least) {
        if (value < least) {
            throw outside(name, least + " or more", value);
        }
    }

    void atLeastOrUnlimited(String name, long value, long least) {
        if (value < least && value != KestrelServerLimits.UNLIMITED) {
            throw outside(name, least + " or more, or -1 for no limit", value);
        }
    }

    void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw outside(name, "from " + least + " to " + most, value);
        }
    }

    /** A time that {@link KestrelServerLimits#FOREVER} switches off. */
    void longerThanZeroOrForever(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (!value.isPositive()) {
            throw outside(name, "longer than zero, or FOREVER", value);
        }
    }

    /** The same for one that is looked at once a second. */
    void atLeastASecondOrForever(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            throw outside(name, "one second or more, or FOREVER", value);
        }
    }

    private IllegalArgumentException outside(String name, String range, Object value) {
        return new IllegalArgumentException(prefix + name + " must be " + range + ", not " + value);
    }
}
