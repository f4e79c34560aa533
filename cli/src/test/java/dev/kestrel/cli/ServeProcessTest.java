package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kestrel.app.WebApplication;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command as a process of its own: what it prints, serves, and how it ends. */
@Timeout(60)
class ServeProcessTest {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void itSaysWhereItListensServesAndEndsWellOnSigterm(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("index.html"), "<p>It works");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath(),
                                Main.class.getName(),
                                "serve",
                                "--port",
                                "0",
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = process.inputReader(UTF_8)) {
            assertThat(out.readLine()).endsWith("serves " + directory.toAbsolutePath());
            String url = out.readLine().strip();
            assertThat(url).matches("http://localhost:\\d+");
            assertThat(out.readLine()).isEqualTo("Ctrl-C stops it.");

            try (InputStream body = URI.create(url).toURL().openStream()) {
                assertThat(body.readAllBytes()).asString(UTF_8).isEqualTo("<p>It works");
            }

            process.toHandle().destroy(); // SIGTERM; Process.destroy() would close the output, too
            List<String> rest = out.lines().toList();
            assertThat(rest).first().asString().startsWith("Stopping");
            assertThat(rest).last().asString().startsWith("Stopped");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void aRequestThatEndsDuringTheStopIsLogged(@TempDir Path directory) throws Exception {
        try (RandomAccessFile large =
                new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            large.setLength(64L << 20);
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath(),
                                Main.class.getName(),
                                "serve",
                                "--access-log",
                                "--port",
                                "0",
                                directory.toString())
                        .start();
        try (BufferedReader out = process.inputReader(UTF_8);
                BufferedReader err = process.errorReader(UTF_8)) {
            assertThat(out.readLine()).contains(" serves ");
            String url = out.readLine().strip();
            assertThat(out.readLine())
                    .isEqualTo("There is no index.html; --listing lists the files.");
            assertThat(out.readLine()).isEqualTo("Ctrl-C stops it.");

            // More than all buffers hold, so that the response is under way while the server stops.
            try (InputStream body = URI.create(url + "/large").toURL().openStream()) {
                process.toHandle().destroy();
                assertThat(out.readLine()).startsWith("Stopping");
                assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(64L << 20);
            }
            assertThat(out.lines().toList())
                    .containsExactly("Stopped: 1 connection ended by itself, 0 were cut off");
            assertThat(err.lines().toList())
                    .singleElement()
                    .asString()
                    .contains("INFO  AccessLog: ")
                    .contains(" GET /large HTTP/1.1 200 67108864 bytes");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where the classes that the command needs were loaded from. */
    private static String classPath() {
        return Stream.of(Main.class, WebApplication.class, KestrelServer.class, CommandLine.class)
                .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
