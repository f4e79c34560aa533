package dev.kestrel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the documents point at is there. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern ROW = Pattern.compile("(?m)^  \"([a-z0-9-]+)\": \\{");
    private static final Pattern LISTED_ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+-\\d+)` \\|");
    private static final Pattern BUILD_OUTPUT = Pattern.compile("[/\\\\](target|\\.git)[/\\\\]");
    private static final Pattern OPTIONS =
            Pattern.compile("(?:Options|OptionsBuilder|LimitsBuilder|ServerBuilder)\\.java$");
    private static final Pattern OPTION = Pattern.compile("(?m)^ +public \\w*Builder (\\w+)\\(\\w");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void linksLeadToFiles() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : files(".md")) {
            for (MatchResult link : matches(LINK, document)) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(document) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).as("links to files that are not there").isEmpty();
    }

    @Test
    void testsThatAreNamedExist() throws IOException {
        List<Path> sources = files("Test.java");
        List<String> missing = new ArrayList<>();
        for (Path document : files(".md")) {
            for (MatchResult named : matches(TEST, document)) {
                String file = named.group(1) + ".java";
                String method = named.group(2) == null ? "class " : "void " + named.group(2) + "(";
                if (sources.stream()
                        .filter(source -> source.endsWith(file))
                        .noneMatch(source -> text(source).contains(method))) {
                    missing.add(ROOT.relativize(document) + ": " + named.group());
                }
            }
        }
        assertThat(missing).as("tests that are not there").isEmpty();
    }

    /** The README: "every option, its default and its effect". */
    @Test
    void everyOptionIsInItsDocument() throws IOException {
        String document = text(ROOT.resolve("docs/configuration.md"));
        List<String> missing = new ArrayList<>();
        for (Path source : files(".java")) {
            if (OPTIONS.matcher(source.toString()).find()) {
                for (MatchResult option : matches(OPTION, source)) {
                    if (!Pattern.compile("\\b" + option.group(1) + "\\b")
                            .matcher(document)
                            .find()) {
                        missing.add(source.getFileName() + ": " + option.group(1));
                    }
                }
            }
        }
        assertThat(missing).as("options that configuration.md does not have").isEmpty();
    }

    /**
     * Rows of the original's test data that are answered otherwise: the tests' list is the
     * document's.
     */
    @Test
    void everyRowThatDiffersIsListed() {
        Path rows = ROOT.resolve("conformance/src/test/resources/http1-differences.json");
        List<String> names = matches(ROW, rows).stream().map(row -> row.group(1)).toList();
        assertThat(names).isNotEmpty();
        assertThat(matches(LISTED_ROW, ROOT.resolve("docs/differences.md")))
                .extracting(row -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    private static List<MatchResult> matches(Pattern pattern, Path document) {
        return pattern.matcher(text(document)).results().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(path -> path.toString().endsWith(ending))
                    .filter(path -> !BUILD_OUTPUT.matcher(path.toString()).find())
                    .toList();
        }
    }
}
