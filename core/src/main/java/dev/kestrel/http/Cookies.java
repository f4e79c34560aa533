package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
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
                String name = equals < 0 ? "" : trim(pair, 0, equals);
                if (FieldSyntax.isToken(name)) {
                    found.putIfAbsent(name, unquote(trim(pair, equals + 1, pair.length())));
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
        return Collections.unmodifiableSet(cookies.keySet());
    }

    /** Without the spaces and tabs around it; other blanks are part of the text. */
    private static String trim(String text, int from, int to) {
        int first = from;
        int end = to;
        while (first < end && isBlank(text.charAt(first))) {
            first++;
        }
        while (end > first && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(first, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
