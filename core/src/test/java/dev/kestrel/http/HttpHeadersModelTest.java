package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** {@link HttpHeaders} against the simplest thing that could be right: a list of pairs. */
class HttpHeadersModelTest {

    private static final String[] NAMES = {
        "Host",
        "Via",
        "Cookie",
        "Set-Cookie",
        "tracestate",
        "Content-Length",
        "X-One",
        "X-Two",
        "x",
        "Hosts",
        "Sec-Fetch-Use"
    };

    private record Field(String name, String value) {}

    private final List<Field> model = new ArrayList<>();
    private final HttpHeaders fields = new HttpHeaders();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesAsAListOfPairs(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 4000; step++) {
            String name = spelling(random, NAMES[random.nextInt(NAMES.length)]);
            boolean length = name.equalsIgnoreCase("Content-Length");
            String value = length ? "" + random.nextInt(1000) : "v" + step;
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> set(name, value);
                case 3, 4, 5, 6 -> {
                    if (!length || indexOf(name) < 0) {
                        model.add(new Field(name, value));
                        fields.add(name, value);
                    }
                }
                case 7, 8 -> {
                    model.removeIf(field -> field.name.equalsIgnoreCase(name));
                    remove(random, name);
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        model.clear();
                        fields.clear();
                    }
                }
            }
            compare();
        }
    }

    private void set(String name, String value) {
        int at = indexOf(name);
        if (at < 0) {
            model.add(new Field(name, value));
        } else {
            model.set(at, new Field(model.get(at).name, value));
            Field kept = model.get(at);
            model.removeIf(field -> field != kept && field.name.equalsIgnoreCase(name));
        }
        fields.set(name, value);
    }

    private void remove(Random random, String name) {
        KnownHeader known = KnownHeader.find(name);
        if (known != null && random.nextBoolean()) {
            fields.remove(known);
        } else {
            fields.remove(name);
        }
    }

    private void compare() {
        assertThat(fields.size()).isEqualTo(model.size());
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (int i = 0; i < model.size(); i++) {
            Field field = model.get(i);
            assertThat(fields.nameAt(i)).isEqualToIgnoringCase(field.name);
            assertThat(fields.valueAt(i)).isEqualTo(field.value);
            assertThat(fields.knownAt(i)).isEqualTo(KnownHeader.find(field.name));
            byName.computeIfAbsent(field.name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(field.value);
        }
        for (String name : NAMES) {
            List<String> values = byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            assertThat(fields.getAll(name)).isEqualTo(values);
            assertThat(fields.get(name)).isEqualTo(values.isEmpty() ? null : values.getFirst());
            assertThat(fields.contains(name)).isEqualTo(!values.isEmpty());
            KnownHeader known = KnownHeader.find(name);
            if (known != null) {
                assertThat(fields.get(known)).isEqualTo(fields.get(name));
                assertThat(fields.contains(known)).isEqualTo(!values.isEmpty());
            }
        }
        String length = fields.get("Content-Length");
        assertThat(fields.contentLength()).isEqualTo(length == null ? -1 : Long.parseLong(length));
        assertThat(fields.names()).hasSameSizeAs(byName.keySet());
    }

    private int indexOf(String name) {
        for (int i = 0; i < model.size(); i++) {
            if (model.get(i).name.equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String spelling(Random random, String name) {
        return switch (random.nextInt(3)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1 -> name.toLowerCase(Locale.ROOT);
            default -> name;
        };
    }
}
