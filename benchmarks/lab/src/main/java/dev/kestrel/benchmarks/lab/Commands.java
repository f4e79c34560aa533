package dev.kestrel.benchmarks.lab;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds and runs programs of the system. */
final class Commands {

    private Commands() {}

    static @Nullable Path find(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    static String require(String name) throws AbsentException {
        Path found = find(name);
        if (found == null) {
            throw new AbsentException("there is no " + name + " on the PATH");
        }
        return found.toString();
    }

    /** The command on the given cores, or as it is when cores can not be chosen. */
    static List<String> pinned(String cores, List<String> command) {
        if (cores.isEmpty() || find("taskset") == null) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cores));
        pinned.addAll(command);
        return pinned;
    }

    /** Runs a program to its end and returns what it printed, errors as well. */
    static String output(List<String> command, Duration limit)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("lab", ".out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(file.toFile())
                        .start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            String output = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (!ended) {
                throw new UnavailableException(
                        command.getFirst() + " did not end: " + tail(output));
            }
            if (process.exitValue() != 0) {
                throw new UnavailableException(command.getFirst() + " failed: " + tail(output));
            }
            return output;
        } finally {
            process.destroyForcibly();
            Files.delete(file);
        }
    }

    /**
     * Runs a program to its end, shows each line that it prints to the listener when it comes, and
     * returns them all.
     */
    static String output(List<String> command, Duration limit, LineListener listener)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread guard = Thread.startVirtualThread(() -> endAfter(limit, process));
        StringBuilder output = new StringBuilder();
        try (BufferedReader out = process.inputReader(StandardCharsets.ISO_8859_1)) {
            process.getOutputStream().close();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                output.append(line).append('\n');
                listener.line(line);
            }
            if (process.waitFor() != 0) {
                throw new UnavailableException(
                        command.getFirst() + " failed or did not end: " + tail(output.toString()));
            }
            return output.toString();
        } finally {
            guard.interrupt();
            process.destroyForcibly();
        }
    }

    private static void endAfter(Duration limit, Process process) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It has ended.
        }
    }

    /** Is shown what a program prints. */
    @FunctionalInterface
    interface LineListener {

        void line(String line) throws IOException, InterruptedException;
    }

    /** The end of a text, on one line of a table. */
    static String tail(String text) {
        String line = text.strip().replaceAll("\\s+", " ").replace("|", "/");
        return line.length() <= 300 ? line : "..." + line.substring(line.length() - 300);
    }
}
