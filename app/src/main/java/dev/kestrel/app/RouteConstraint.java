package dev.kestrel.app;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** What a part of a path must look like to be taken for a parameter; the narrower come first. */
enum RouteConstraint {
    /** {@code 8-4-4-4-12} hexadecimal digits. */
    UUID {
        @Override
        boolean accepts(String value) {
            if (value.length() != 36) {
                return false;
            }
            for (int i = 0; i < 36; i++) {
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                char c = value.charAt(i);
                if (dash ? c != '-' : c >= 128 || Character.digit(c, 16) < 0) {
                    return false;
                }
            }
            return true;
        }
    },
    /** What {@link Integer#parseInt(String)} takes, without a plus sign. */
    INT {
        @Override
        boolean accepts(String value) {
            Long number = number(value);
            return number != null && number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE;
        }
    },
    /** What {@link Long#parseLong(String)} takes, without a plus sign. */
    LONG {
        @Override
        boolean accepts(String value) {
            return number(value) != null;
        }
    },
    /** ASCII letters. */
    ALPHA {
        @Override
        boolean accepts(String value) {
            return value.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
        }
    },
    /** Anything. */
    NONE {
        @Override
        boolean accepts(String value) {
            return true;
        }
    };

    private static final int LONGEST_NUMBER = 20;

    /** Decides about a part of a path that is not empty. */
    abstract boolean accepts(String value);

    static @Nullable RouteConstraint find(String name) {
        for (RouteConstraint constraint : values()) {
            if (constraint != NONE && constraint.text().equals(name)) {
                return constraint;
            }
        }
        return null;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long number(String value) {
        int from = value.startsWith("-") ? 1 : 0;
        if (value.length() == from || value.length() > LONGEST_NUMBER) {
            return null;
        }
        for (int i = from; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
