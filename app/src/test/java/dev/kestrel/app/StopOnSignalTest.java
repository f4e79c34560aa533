package dev.kestrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process that is asked to end lets its requests finish, says so, and ends with code 0. */
@Timeout(60)
class StopOnSignalTest {

    /** What runs in the other process. */
    static final class Program {

        private Program() {}

        public static void main(String... args) throws Exception {
            WebApplication app = WebApplication.create().listen(0);
            app.get(
                    "/slow",
                    ctx -> {
                        System.err.println("In the handler");
                        while (System.in.read() != '\n') {
                            // Goes on when the test says so.
                        }
                        ctx.response().send("done");
                    });
            app.runUntilStopped();
            System.err.println("After the stop");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void endsWell(String signal) throws Exception {
        assumeTrue(File.separatorChar == '/', "Windows has no signals");
        Process process = start();
        try (BufferedReader said = process.errorReader();
                Socket client = new Socket("127.0.0.1", portOf(said))) {
            client.getOutputStream()
                    .write(
                            "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(nextLike(said, "In the handler")).isNotNull();
            assertThat(
                            new ProcessBuilder("kill", "-" + signal, "" + process.pid())
                                    .start()
                                    .waitFor())
                    .isZero();
            assertThat(nextLike(said, "Stopping")).isNotNull();
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String response =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("done");
            String rest = said.lines().collect(Collectors.joining("\n"));
            assertThat(rest)
                    .contains("Stopped: 1 connection ended by itself, 0 were cut off")
                    .contains("After the stop");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start() throws Exception {
        String path =
                List.of(WebApplication.class, dev.kestrel.server.KestrelServer.class, Program.class)
                        .stream()
                        .map(StopOnSignalTest::locationOf)
                        .distinct()
                        .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", path, Program.class.getName()).start();
    }

    private static String locationOf(Class<?> type) {
        String resource = '/' + type.getName().replace('.', '/') + ".class";
        URI uri = URI.create(String.valueOf(type.getResource(resource)));
        String text = uri.toString();
        if (text.startsWith("jar:")) {
            return Path.of(URI.create(text.substring(4, text.indexOf("!/")))).toString();
        }
        return Path.of(URI.create(text.substring(0, text.length() - resource.length() + 1)))
                .toString();
    }

    private static int portOf(BufferedReader said) throws IOException {
        String line = nextLike(said, "Listening on http://127.0.0.1:");
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    private static String nextLike(BufferedReader said, String text) throws IOException {
        String line = said.readLine();
        while (line != null && !line.contains(text)) {
            line = said.readLine();
        }
        return line;
    }
}
