package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/**
 * A cookie to be set by a response (RFC 6265 section 4.1).
 *
 * @param name a token
 * @param value without spaces, quotes, commas, semicolons, backslashes and control characters
 * @param path where it applies, or {@code null} for the path of the request
 * @param domain where it applies, or {@code null} for the host alone
 * @param maxAge how long it lives, in seconds rounded up, zero for the end; or {@code null} for the
 *     browser's session
 * @param secure only over HTTPS
 * @param httpOnly out of reach of scripts
 * @param sameSite when it goes with requests from other sites, or {@code null} for the browser's
 *     default
 */
public record SetCookie(
        String name,
        String value,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Duration maxAge,
        boolean secure,
        boolean httpOnly,
        @Nullable SameSite sameSite) {

    /** When a cookie goes with requests that other sites cause. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** With top-level navigation. */
        LAX("Lax"),
        /** Always; browsers then want {@code secure}. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /** Checks the characters. */
    public SetCookie {
        if (!FieldSyntax.isToken(name)) {
            throw new IllegalArgumentException(
                    "'" + FieldSyntax.printable(name) + "' is not a cookie name");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= 0x20 || c > 0x7e || c == '"' || c == ',' || c == ';' || c == '\\') {
                throw new IllegalArgumentException(
                        "The value of cookie '"
                                + name
                                + "' has the character 0x"
                                + Integer.toHexString(c)
                                + " at index "
                                + i
                                + ": encode it first");
            }
        }
        checkAttribute(path);
        checkAttribute(domain);
    }

    /**
     * A cookie for the path {@code /}, out of reach of scripts, {@code SameSite=Lax}, for the
     * browser's session.
     *
     * @param name a token
     * @param value its value
     * @return the cookie
     */
    public static SetCookie of(String name, String value) {
        return new SetCookie(name, value, "/", null, null, false, true, SameSite.LAX);
    }

    /**
     * The same cookie with a life.
     *
     * @param life how long; zero deletes the cookie
     * @return a cookie
     */
    public SetCookie withMaxAge(Duration life) {
        return new SetCookie(
                name,
                value,
                path,
                domain,
                Objects.requireNonNull(life),
                secure,
                httpOnly,
                sameSite);
    }

    /**
     * The same cookie, only over HTTPS.
     *
     * @return a cookie
     */
    public SetCookie withSecure() {
        return new SetCookie(name, value, path, domain, maxAge, true, httpOnly, sameSite);
    }

    /**
     * The same cookie, for another path.
     *
     * @param value where it applies, or {@code null} for the path of the request
     * @return a cookie
     */
    public SetCookie withPath(@Nullable String value) {
        return new SetCookie(name, this.value, value, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * The same cookie, for a domain and those below it.
     *
     * @param value where it applies, or {@code null} for the host alone
     * @return a cookie
     */
    public SetCookie withDomain(@Nullable String value) {
        return new SetCookie(name, this.value, path, value, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * The same cookie, with a rule for requests from other sites.
     *
     * @param value the rule, or {@code null} for the browser's default
     * @return a cookie
     */
    public SetCookie withSameSite(@Nullable SameSite value) {
        return new SetCookie(name, this.value, path, domain, maxAge, secure, httpOnly, value);
    }

    /**
     * The same cookie, within or out of reach of scripts.
     *
     * @param value true for out of reach
     * @return a cookie
     */
    public SetCookie withHttpOnly(boolean value) {
        return new SetCookie(name, this.value, path, domain, maxAge, secure, value, sameSite);
    }

    /** Full seconds, rounded up: a life that is short must not become the end, which zero is. */
    private static long seconds(Duration life) {
        if (life.isNegative()) {
            return 0;
        }
        return life.getNano() == 0 ? life.toSeconds() : life.toSeconds() + 1;
    }

    private static void checkAttribute(@Nullable String text) {
        if (text != null
                && (text.indexOf(';') >= 0
                        || FieldSyntax.indexOfInvalidValueCharacter(text) >= 0)) {
            throw new IllegalArgumentException(
                    "'"
                            + FieldSyntax.printable(text)
                            + "' has a character that a cookie's attribute can not have");
        }
    }

    /** The value of the {@code Set-Cookie} field. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append('=').append(value);
        if (path != null) {
            text.append("; Path=").append(path);
        }
        if (domain != null) {
            text.append("; Domain=").append(domain);
        }
        if (maxAge != null) {
            text.append("; Max-Age=").append(seconds(maxAge));
        }
        if (secure) {
            text.append("; Secure");
        }
        if (httpOnly) {
            text.append("; HttpOnly");
        }
        if (sameSite != null) {
            text.append("; SameSite=").append(sameSite.text);
        }
        return text.toString();
    }
}
