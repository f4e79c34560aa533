package dev.kestrel.internal.hpack;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Remembers the last names that an application used, by the object or its text. Belongs to the
 * writer of a connection.
 */
public final class LowerCaseNames {

    private static final int SLOTS = 16;
    private static final int LONGEST = 64;

    private final @Nullable String[] given = new String[SLOTS];
    private final @Nullable HPackName[] names = new HPackName[SLOTS];

    /** The name in lower case. */
    public HPackName get(String text) {
        int slot = text.hashCode() & SLOTS - 1;
        HPackName there = names[slot];
        if (there != null && text.equals(given[slot])) {
            return there;
        }
        // RFC 9113 section 8.2: field names are converted to lower case.
        HPackName name = HPackName.of(text.toLowerCase(Locale.ROOT));
        if (text.length() <= LONGEST) {
            given[slot] = text;
            names[slot] = name;
        }
        return name;
    }
}
