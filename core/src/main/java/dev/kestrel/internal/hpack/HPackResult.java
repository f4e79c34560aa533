package dev.kestrel.internal.hpack;

/** How a header block stands against its {@link HPackLimits}, from good to bad. */
public enum HPackResult {
    /** All fields so far were handed on. */
    WITHIN_LIMITS,
    /** Over {@code maxFields}: what was beyond was not handed on. The request deserves a 431. */
    TOO_MANY_FIELDS,
    /** Over {@code maxListSize}: what was beyond was not handed on. The request deserves a 431. */
    LIST_TOO_LARGE,
    /** Over twice {@code maxFields}: decoding has stopped, the connection must close. */
    FAR_TOO_MANY_FIELDS,
    /** Over twice {@code maxListSize}: decoding has stopped, the connection must close. */
    LIST_FAR_TOO_LARGE;

    /** Whether decoding has stopped, which leaves the dynamic table of no use. */
    public boolean isFatal() {
        return this == FAR_TOO_MANY_FIELDS || this == LIST_FAR_TOO_LARGE;
    }
}
