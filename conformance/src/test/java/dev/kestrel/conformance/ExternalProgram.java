package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client that is a program of its own; the test is skipped where it is missing. */
final class ExternalProgram {

    /** How a run ended. {@code text} is what it said on both ways. */
    record Outcome(int exitCode, String text) {}

    private static final int TIMEOUT_SECONDS = 50;

    private final Path directory;
    private final List<String> command;
    private int runs;

    /**
     * Finds a program.
     *
     * @param directory where its output goes
     * @param feature what {@code --version} must speak of
     * @param command its name, and the arguments that it always has
     */
    ExternalProgram(Path directory, String feature, String... command)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.command = List.of(command);
        String version = "";
        try {
            version = output(start(List.of(command[0], "--version")));
        } catch (IOException e) {
            // Not there.
        }
        Assumptions.assumeTrue(
                version.contains(feature),
                "Skipped: there is no " + command[0] + " with " + feature);
    }

    /** Runs it and expects success. */
    String run(String... arguments) throws IOException, InterruptedException {
        return run(0, arguments);
    }

    /** Runs it and expects an exit code. What it says on both ways is the answer. */
    String run(int exitCode, String... arguments) throws IOException, InterruptedException {
        Outcome outcome = outcome(arguments);
        assertThat(outcome.exitCode).as(outcome.text).isEqualTo(exitCode);
        return outcome.text;
    }

    /** Runs it, whatever comes of it. */
    Outcome outcome(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        Process process = start(all);
        String text = output(process);
        return new Outcome(process.exitValue(), text);
    }

    private Path file() {
        return directory.resolve("output-" + runs);
    }

    private Process start(List<String> all) throws IOException {
        runs++;
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(file().toFile())
                .start();
    }

    private String output(Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertThat(ended).as(text).isTrue();
        return text;
    }
}
