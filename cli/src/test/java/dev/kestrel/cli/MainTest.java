package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the command says, and the code that it ends with. */
@Timeout(30)
class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    @Test
    void whatTheBuildAloneNeedsIsNotListed() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve").doesNotContain("aot-training");
    }

    @Test
    void versionNamesTheJdk() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("kestrel ").contains(Runtime.version().toString());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutACommandItNamesThem() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString())
                .contains("serve, echo, dev-cert or version")
                .contains("kestrel --help");
    }

    @Test
    void aWrongOptionIsNamedWithTheHelpThatListsTheRightOnes() {
        assertThat(run("serve", "--prot", "1")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "kestrel: there is no option --prot",
                        "Try 'kestrel serve --help' for its options.");
    }

    /** "when loops are asked for and the door is shut, an error says which option opens it" */
    @Test
    void loopsThatTheJvmDoesNotAllowAreAnErrorThatNamesTheOption() {
        assertThat(run("echo", "--port", "0", "--threads", "loops")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("kestrel: cannot start: Loops were asked for")
                .contains("--add-opens=java.base/java.lang=dev.kestrel.core");
    }

    @Test
    void aNumberOfLoopsOutOfRangeIsNamed() {
        assertThat(run("echo", "--loops", "0")).isEqualTo(1);
        assertThat(err.toString()).startsWith("kestrel: --loops is out of range");
    }

    @Test
    void hostAndAnyExcludeEachOther() {
        assertThat(run("serve", "--any", "--host", "127.0.0.1")).isEqualTo(2);
        assertThat(err.toString()).startsWith("kestrel: --host").contains("mutually exclusive");
    }

    @Test
    void aWrongCommandIsNamed(@TempDir Path directory) {
        assertThat(run("srve", directory.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("kestrel: there is no command srve");
    }

    @Test
    void anArgumentTooManyIsNamed(@TempDir Path directory) {
        assertThat(run("serve", directory.toString(), "more")).isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo("kestrel: 'more' is one argument too many");
    }

    @Test
    void aPortThatIsNoNumberIsNamed() {
        assertThat(run("echo", "--port", "http")).isEqualTo(2);
        assertThat(err.toString()).contains("--port").contains("'http' is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "echo", "version"})
    void eachCommandHasHelp(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: kestrel " + command);
    }

    @Test
    void aMissingDirectoryIsOneLine(@TempDir Path directory) {
        Path missing = directory.resolve("missing");
        assertThat(run("serve", missing.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("kestrel: there is no directory " + missing);
    }

    @Test
    void aFileIsNotADirectory(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(run("serve", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("kestrel: " + file + " is not a directory");
    }

    @Test
    void aFileIsNotASocketInUse(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(run("serve", "--unix", file.toString(), directory.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "kestrel: cannot start: Failed to listen on "
                                + file
                                + ": a file that is not a socket has this name");
    }

    @Test
    void aPortInUseIsNamedWithTheWayOut(@TempDir Path directory) throws Exception {
        try (KestrelServer other = KestrelServer.builder().listen(0).handler(ctx -> {}).start()) {
            String port = Integer.toString(other.port());
            assertThat(run("serve", "--port", port, directory.toString())).isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly(
                            "kestrel: port "
                                    + port
                                    + " of localhost is already in use; choose another port with"
                                    + " --port, or any free one with --port 0");
        }
    }

    @Test
    void aPortOutOfRangeIsNamed() {
        assertThat(run("echo", "--port", "65536")).isEqualTo(1);
        assertThat(err.toString()).contains("0 to 65535").contains("65536");
    }

    @Test
    void aLimitOutOfRangeIsNamed() {
        assertThat(run("echo", "--max-connections", "0")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("kestrel: --max-connections is out of range: ")
                .contains("maxConcurrentConnections");
    }

    @Test
    void aCountThatIsNoNumberIsNamed() {
        assertThat(run("echo", "--max-connections", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("--max-connections").contains("'many' is not a number");
    }

    @ParameterizedTest
    @CsvSource({
        "--max-streams, 0, maxStreamsPerConnection",
        "--max-stream-resets, 0, maxStreamResets",
        "--max-frame, 1K, maxFrameSize",
        "--stream-window, 1K, initialStreamWindowSize",
        "--connection-window, 1K, initialConnectionWindowSize",
        "--ping-delay, 1ms, keepAlivePingDelay",
        "--ping-timeout, 1ms, keepAlivePingTimeout",
    })
    void aLimitOfHttp2OutOfRangeIsNamed(String option, String value, String limit) {
        assertThat(run("echo", option, value)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("kestrel: " + option + " is out of range: limits.http2." + limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--max-frame", "--stream-window", "--connection-window", "--max-headers"})
    void aSizeThatIsFarTooLargeIsNamed(String option) {
        assertThat(run("echo", option, "3G")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("kestrel: " + option + " is out of range: it must be below 2G");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http4", "http1,", "", "http1 http2"})
    void aVersionThatIsNoneIsNamed(String versions) {
        assertThat(run("echo", "--protocols", versions)).isEqualTo(2);
        assertThat(err.toString())
                .contains("--protocols")
                .contains("'" + versions + "' is not one of http1, http2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http3", "--protocols=http3"})
    void http3NeedsHttps(String option) {
        assertThat(run("echo", option)).isEqualTo(2);
        assertThat(err.toString()).contains("HTTP/3 is always encrypted: it needs --https");
    }

    @Test
    void aRangeThatIsNoneIsNamed() {
        assertThat(run("echo", "--proxy-protocol-from", "10.0.0.0/99")).isEqualTo(1);
        assertThat(err.toString()).contains("10.0.0.0/99");
    }
}
