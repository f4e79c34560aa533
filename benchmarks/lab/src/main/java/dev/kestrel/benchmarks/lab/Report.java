package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file of a run: written as the work is done, so that what was measured is never lost. */
final class Report {

    private final Path file;

    /** Begins a file in a directory. */
    Report(Path directory) throws IOException {
        Files.createDirectories(directory);
        String now = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now());
        file = directory.resolve(now + ".md");
        Files.createFile(file);
    }

    Path file() {
        return file;
    }

    /** Adds a text, and prints it. */
    void add(String text) throws IOException {
        Files.writeString(file, text + "\n", StandardOpenOption.APPEND);
        System.out.println(text);
    }

    static String head(LabOptions options) throws IOException {
        return """
        # Lab, %s

        - rounds: %d, of %d s each, after %d s of warm-up; servers in turns
        - servers on core %s, load on core %s, of %s
        - Linux %s, JDK %s
        - JVM options of the servers: `%s`

        Medians of the rounds; in parentheses the least and the most. **1.50x** is one and a half times as bad as the best.
        """
                .formatted(
                        LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")),
                        options.rounds(),
                        options.seconds(),
                        options.warmup(),
                        options.serverCpus(),
                        options.clientCpus(),
                        processor(),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        String.join(" ", options.jvmOptions()));
    }

    /** How the servers were set up, and which versions they are. */
    static String servers(Map<String, String> notes, Path lib) throws IOException {
        String jars;
        try (Stream<Path> all = Files.list(lib)) {
            jars =
                    all.map(jar -> jar.getFileName().toString().replaceFirst("\\.jar$", ""))
                            .filter(
                                    jar ->
                                            jar.matches(
                                                    "(netty-codec-http2|helidon-webserver|jetty-server"
                                                            + "|undertow-core|tomcat-embed-core|vertx-core)"
                                                            + "-\\d.*"))
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        StringBuilder text = new StringBuilder("### Servers\n\n");
        notes.forEach(
                (server, note) -> {
                    if (!note.isEmpty()) {
                        text.append("- ").append(server).append(": ").append(note).append('\n');
                    }
                });
        return text.append("\nVersions: ").append(jars).append('\n').toString();
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return System.getProperty("os.arch", "an unknown processor");
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*: ", ""))
                    .findFirst()
                    .orElse("an unknown processor");
        }
    }
}
