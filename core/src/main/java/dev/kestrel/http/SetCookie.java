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
 * @param maxAge how long it lives, or {@code null} for the browser's session
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
            text.append("; Max-Age=").append(maxAge.toSeconds());
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
