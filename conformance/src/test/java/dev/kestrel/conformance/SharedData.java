package dev.kestrel.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds and reads the data beside the checkout. */
final class SharedData {

    private SharedData() {}

    /** Reads a JSON file of the directory {@code shared}; skips the test when it is not there. */
    static JsonNode json(String name) throws IOException {
        Path file = checkout().resolveSibling("shared").resolve(name);
        Assumptions.assumeTrue(
                Files.isRegularFile(file),
                () ->
                        "Skipped: there is no "
                                + name
                                + " in a directory 'shared' beside the checkout");
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isRegularFile(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("The tests do not run inside a checkout");
        }
        return directory;
    }
}
