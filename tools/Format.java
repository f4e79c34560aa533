import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks the layout of every Java file of the project, or mends it: google-java-format, AOSP style.
 * The build runs it with {@code check} and fails when the file of findings exists afterwards;
 * {@code ./mvnw -q -N -Pformat validate} runs it with {@code fix}.
 *
 * <p>Arguments: check or fix, the root of the project, the file of findings.
 */
final class Format {

    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");

    private record Outcome(Path file, boolean changed, String error) {}

    private Format() {}

    public static void main(String[] args) throws IOException {
        boolean fix = args[0].equals("fix");
        Path root = Path.of(args[1]).toAbsolutePath().normalize();
        Path findings = Path.of(args[2]);
        List<String> unformatted = new ArrayList<>();
        for (Outcome outcome :
                javaFiles(root).parallelStream().map(file -> format(file, fix)).toList()) {
            Path name = root.relativize(outcome.file());
            if (outcome.error() != null) {
                unformatted.add("cannot format " + name + ": " + outcome.error());
            } else if (outcome.changed() && fix) {
                System.out.println("formatted " + name);
            } else if (outcome.changed()) {
                unformatted.add("not formatted: " + name);
            }
        }
        unformatted.forEach(System.err::println);
        if (unformatted.isEmpty()) {
            Files.deleteIfExists(findings);
        } else {
            Files.createDirectories(findings.toAbsolutePath().getParent());
            Files.write(findings, unformatted);
        }
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !skipped(root.relativize(path)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean skipped(Path path) {
        for (Path part : path) {
            if (SKIPPED.contains(part.toString())) {
                return true;
            }
        }
        return false;
    }

    private static Outcome format(Path file, boolean fix) {
        try {
            String before = Files.readString(file);
            JavaFormatterOptions options =
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build();
            String imports =
                    ImportOrderer.reorderImports(
                            RemoveUnusedImports.removeUnusedImports(before),
                            JavaFormatterOptions.Style.AOSP);
            String after = new Formatter(options).formatSource(imports);
            if (after.equals(before)) {
                return new Outcome(file, false, null);
            }
            if (fix) {
                Files.writeString(file, after);
            }
            return new Outcome(file, true, null);
        } catch (FormatterException | IOException e) {
            return new Outcome(file, true, String.valueOf(e.getMessage()));
        }
    }
}
