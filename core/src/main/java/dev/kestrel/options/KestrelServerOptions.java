package dev.kestrel.options;

import dev.kestrel.http.FieldSyntax;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What holds for the whole server. Immutable; the defaults are the original's ({@code
 * KestrelServerOptions}).
 */
public final class KestrelServerOptions {

    private final KestrelServerLimits limits;
    private final Http1Options http1;
    private final boolean addServerHeader;
    private final boolean allowHostHeaderOverride;
    private final boolean allowAlternateSchemes;
    private final boolean disableStringReuse;
    private final Set<String> neverIndexedHeaders;
    private final HeaderEncodingSelector requestHeaderEncodingSelector;
    private final HeaderEncodingSelector responseHeaderEncodingSelector;
    private final TimeProvider timeProvider;

    private KestrelServerOptions(Builder from) {
        limits = from.limits;
        http1 = from.http1;
        addServerHeader = from.addServerHeader;
        allowHostHeaderOverride = from.allowHostHeaderOverride;
        allowAlternateSchemes = from.allowAlternateSchemes;
        disableStringReuse = from.disableStringReuse;
        neverIndexedHeaders = from.neverIndexedHeaders;
        requestHeaderEncodingSelector = from.requestHeaderEncodingSelector;
        responseHeaderEncodingSelector = from.responseHeaderEncodingSelector;
        timeProvider = from.timeProvider;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How much a client may ask.
     *
     * @return the limits
     */
    public KestrelServerLimits limits() {
        return limits;
    }

    /**
     * Leniencies of HTTP/1.1.
     *
     * @return the options, all strict by default
     */
    public Http1Options http1() {
        return http1;
    }

    /**
     * Whether responses get {@code Server: Kestrel} unless the application set the field. Default:
     * true.
     *
     * @return true when they do
     */
    public boolean addServerHeader() {
        return addServerHeader;
    }

    /**
     * Whether an absolute-form target wins over a {@code Host} that differs, instead of 400.
     * Default: false.
     *
     * @return true when it does
     */
    public boolean allowHostHeaderOverride() {
        return allowHostHeaderOverride;
    }

    /**
     * Whether {@code :scheme} may be another than that of the connection, as behind a proxy that
     * ends TLS, instead of resetting the stream. HTTP/2 and HTTP/3. Default: false. The original's
     * {@code AllowAlternateSchemes}.
     *
     * @return true when it may
     */
    public boolean allowAlternateSchemes() {
        return allowAlternateSchemes;
    }

    /**
     * Response fields that header compression must never index, beyond those that it never does
     * ({@code Set-Cookie}, {@code Authorization}, {@code Proxy-Authorization}, {@code
     * Content-Disposition}): secrets that could be guessed from the length of what is sent (RFC
     * 7541 section 7.1.3). Default: none.
     *
     * @return names in lower case
     */
    public Set<String> neverIndexedHeaders() {
        return neverIndexedHeaders;
    }

    /**
     * Whether every request gets fresh strings, instead of those of the last request on the
     * connection that had the same bytes. Default: false.
     *
     * @return true when it does
     */
    public boolean disableStringReuse() {
        return disableStringReuse;
    }

    /**
     * How the values of request fields are decoded. Default: strict UTF-8 for all.
     *
     * @return the choice
     */
    public HeaderEncodingSelector requestHeaderEncodingSelector() {
        return requestHeaderEncodingSelector;
    }

    /**
     * How the values of response fields are encoded. Default: ASCII alone for all.
     *
     * @return the choice
     */
    public HeaderEncodingSelector responseHeaderEncodingSelector() {
        return responseHeaderEncodingSelector;
    }

    /**
     * The clock.
     *
     * @return the system's unless another was set
     */
    public TimeProvider timeProvider() {
        return timeProvider;
    }

    /** Collects options. Not safe for several threads at once. */
    public static final class Builder {

        private KestrelServerLimits limits = KestrelServerLimits.defaults();
        private Http1Options http1 = Http1Options.STRICT;
        private boolean addServerHeader = true;
        private boolean allowHostHeaderOverride;
        private boolean allowAlternateSchemes;
        private boolean disableStringReuse;
        private Set<String> neverIndexedHeaders = Set.of();
        private HeaderEncodingSelector requestHeaderEncodingSelector =
                HeaderEncodingSelector.DEFAULT;
        private HeaderEncodingSelector responseHeaderEncodingSelector =
                HeaderEncodingSelector.DEFAULT;
        private TimeProvider timeProvider = TimeProvider.SYSTEM;

        private Builder() {}

        /**
         * Sets the limits.
         *
         * @param value the limits
         * @return this
         */
        public Builder limits(KestrelServerLimits value) {
            limits = Objects.requireNonNull(value, "limits");
            return this;
        }

        /**
         * Sets the leniencies of HTTP/1.1.
         *
         * @param value the options
         * @return this
         */
        public Builder http1(Http1Options value) {
            http1 = Objects.requireNonNull(value, "http1");
            return this;
        }

        /**
         * Sets whether responses get {@code Server: Kestrel}.
         *
         * @param value true for yes, the default
         * @return this
         */
        public Builder addServerHeader(boolean value) {
            addServerHeader = value;
            return this;
        }

        /**
         * Sets whether an absolute-form target wins over a {@code Host} that differs.
         *
         * @param value false for no, the default
         * @return this
         */
        public Builder allowHostHeaderOverride(boolean value) {
            allowHostHeaderOverride = value;
            return this;
        }

        /**
         * Sets whether {@code :scheme} may be another than that of the connection.
         *
         * @param value false for no, the default
         * @return this
         */
        public Builder allowAlternateSchemes(boolean value) {
            allowAlternateSchemes = value;
            return this;
        }

        /**
         * Sets which response fields header compression must never index.
         *
         * @param names names in any case, instead of those set before
         * @return this
         * @throws IllegalArgumentException when one is no name of a field
         */
        public Builder neverIndexedHeaders(String... names) {
            for (String name : names) {
                if (!FieldSyntax.isToken(name)) {
                    throw new IllegalArgumentException(
                            "neverIndexedHeaders takes names of fields, such as X-Secret, not '"
                                    + name
                                    + "'");
                }
            }
            neverIndexedHeaders =
                    Arrays.stream(names)
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /**
         * Sets whether every request gets fresh strings.
         *
         * @param value false for no, the default
         * @return this
         */
        public Builder disableStringReuse(boolean value) {
            disableStringReuse = value;
            return this;
        }

        /**
         * Sets how the values of request fields are decoded.
         *
         * @param value the choice
         * @return this
         */
        public Builder requestHeaderEncodingSelector(HeaderEncodingSelector value) {
            requestHeaderEncodingSelector =
                    Objects.requireNonNull(value, "requestHeaderEncodingSelector");
            return this;
        }

        /**
         * Sets how the values of response fields are encoded; a charset for a field also lifts the
         * check for ASCII, but never that for CR, LF and NUL.
         *
         * @param value the choice
         * @return this
         */
        public Builder responseHeaderEncodingSelector(HeaderEncodingSelector value) {
            responseHeaderEncodingSelector =
                    Objects.requireNonNull(value, "responseHeaderEncodingSelector");
            return this;
        }

        /**
         * Sets the clock; for tests.
         *
         * @param value the clock
         * @return this
         */
        public Builder timeProvider(TimeProvider value) {
            timeProvider = Objects.requireNonNull(value, "timeProvider");
            return this;
        }

        /**
         * Makes the options.
         *
         * @return an immutable object
         */
        public KestrelServerOptions build() {
            return new KestrelServerOptions(this);
        }
    }
}
