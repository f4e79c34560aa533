package dev.kestrel.internal.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Joins the crumbs of a Cookie field (RFC 9113 section 8.2.3, RFC 9114 section 4.2.1). The same
 * crumbs as in the last block give the same text again.
 */
final class CookieCrumbs {

    private static final int LONGEST_REMEMBERED = 1024;

    private @Nullable String[] crumbs = new String[4];
    private int count;

    /** What the first {@code lastCount} crumbs are when joined, or {@code null}. */
    private @Nullable String last;

    private int lastCount;

    /** Gets ready for the crumbs of a block. */
    void begin() {
        count = 0;
    }

    // What matters is that it is the same object: the table of the compression gives those that a
    // client repeats.
    @SuppressWarnings("ReferenceEquality")
    void add(String crumb) {
        if (count == crumbs.length) {
            crumbs = Arrays.copyOf(crumbs, count * 2);
        }
        if (count < lastCount && crumbs[count] != crumb) {
            last = null;
            lastCount = 0;
        }
        crumbs[count++] = crumb;
    }

    /** The whole field, or {@code null} when there was no crumb. */
    @Nullable String join() {
        if (count == 0 || (last != null && count == lastCount)) {
            return count == 0 ? null : last;
        }
        String joined =
                count == 1 ? crumbs[0] : String.join("; ", Arrays.asList(crumbs).subList(0, count));
        if (joined != null && joined.length() <= LONGEST_REMEMBERED) {
            last = joined;
            lastCount = count;
        } else {
            // An idle connection holds next to nothing.
            Arrays.fill(crumbs, null);
            last = null;
            lastCount = 0;
        }
        return joined;
    }
}
