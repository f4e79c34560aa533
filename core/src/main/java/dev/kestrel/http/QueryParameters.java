package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a query or of a form ({@code application/x-www-form-urlencoded}). Names and
 * values are decoded; an escape that is not valid stays as it is.
 */
public final class QueryParameters {

    private static final QueryParameters EMPTY = new QueryParameters(Map.of());

    private final Map<String, List<String>> parameters;

    private QueryParameters(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads parameters.
     *
     * @param query the text, with or without a leading {@code ?}
     * @return the parameters in order
     */
    public static QueryParameters parse(String query) {
        String text = query.startsWith("?") ? query.substring(1) : query;
        if (text.isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> found = new LinkedHashMap<>();
        int from = 0;
        while (from <= text.length()) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                int equals = text.indexOf('=', from, end);
                int nameEnd = equals < 0 ? end : equals;
                String value = nameEnd == end ? "" : decode(text.substring(nameEnd + 1, end));
                found.computeIfAbsent(
                                decode(text.substring(from, nameEnd)), name -> new ArrayList<>(1))
                        .add(value);
            }
            from = end + 1;
        }
        return new QueryParameters(found);
    }

    /**
     * The first value of a parameter.
     *
     * @param name its name, with case
     * @return the value, or {@code null} when there is no such parameter
     */
    public @Nullable String get(String name) {
        List<String> all = parameters.get(name);
        return all == null ? null : all.getFirst();
    }

    /**
     * All values of a parameter.
     *
     * @param name its name, with case
     * @return the values in order, none when there is no such parameter
     */
    public List<String> getAll(String name) {
        return List.copyOf(parameters.getOrDefault(name, List.of()));
    }

    /**
     * The names that occur.
     *
     * @return each name once, in order
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(parameters.keySet());
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%' && i + 2 < source.length) {
                int high = Character.digit(source[i + 1], 16);
                int low = Character.digit(source[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    b = (byte) (high << 4 | low);
                    i += 2;
                }
            }
            target[length++] = b;
        }
        return new String(target, 0, length, StandardCharsets.UTF_8);
    }
}
