package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The cookies of a request (RFC 6265 section 5.4). The first of several with one name counts. */
public final class Cookies {

    private final Map<String, String> cookies;

    private Cookies(Map<String, String> cookies) {
        this.cookies = cookies;
    }

    /**
     * Reads {@code Cookie} fields. Pairs that are malformed are left out.
     *
     * @param fields the values of the fields
     * @return the cookies in order
     */
    public static Cookies parse(List<String> fields) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String field : fields) {
            for (String pair : field.split(";")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? "" : pair.substring(0, equals).strip();
                if (FieldSyntax.isToken(name)) {
                    found.putIfAbsent(name, unquote(pair.substring(equals + 1).strip()));
                }
            }
        }
        return new Cookies(found);
    }

    /**
     * The value of a cookie.
     *
     * @param name its name, with case
     * @return the value without quotes, or {@code null} when there is no such cookie
     */
    public @Nullable String get(String name) {
        return cookies.get(name);
    }

    /**
     * The names of the cookies.
     *
     * @return each name once, in order
     */
    public Set<String> names() {
        return cookies.keySet();
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
