package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@code kestrel dev-cert} says. */
@Timeout(60)
class DevCertCommandTest {

    @TempDir private Path temporary = Path.of(".");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    private int run(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] place = {"dev-cert", "--dir", directory().toString()};
        return command.execute(
                Stream.concat(Stream.of(place), Stream.of(args)).toArray(String[]::new));
    }

    private Path directory() {
        return temporary.resolve("kestrel");
    }

    @Test
    void itPrintsFilesNamesExpiryFingerprintsAndWhatIsNext() {
        assertThat(run()).isZero();
        assertThat(out.toString())
                .contains(directory().resolve("ca.pem") + " (new)")
                .contains(directory().resolve("localhost.pem") + " (new)")
                .contains(directory().resolve("localhost.key").toString())
                .contains("localhost, *.localhost, 127.0.0.1, ::1")
                .containsPattern("expires    \\d{4}-\\d\\d-\\d\\d")
                .containsPattern("SHA-256    ([0-9A-F]{2}:){31}[0-9A-F]{2}")
                .contains("kestrel serve DIR --https");
        String first = fingerprint();
        assertThat(run()).isZero();
        assertThat(out.toString()).doesNotContain("(new)");
        assertThat(fingerprint()).isEqualTo(first);
        assertThat(run("--force")).isZero();
        assertThat(fingerprint()).isNotEqualTo(first);
        assertThat(err.toString()).isEmpty();
    }

    private String fingerprint() {
        return out.toString()
                .lines()
                .filter(line -> line.contains("SHA-256"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void exportPrintsTheAuthorityAndNothingElse() throws Exception {
        assertThat(run("--export")).isZero();
        assertThat(out.toString())
                .isEqualTo(Files.readString(directory().resolve("ca.pem")))
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .endsWith("-----END CERTIFICATE-----\n")
                .doesNotContain("KEY");
    }

    @Test
    void namesAreAdded() {
        assertThat(run("--name", "app.test", "--name", "10.0.0.1")).isZero();
        assertThat(out.toString())
                .contains("localhost, *.localhost, 127.0.0.1, ::1, app.test, 10.0.0.1");
    }

    @Test
    void aNameThatTheAuthorityMayNotCertifyIsOneLine() {
        assertThat(run()).isZero();
        assertThat(run("--name", "app.test")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("kestrel: the authority in " + directory())
                .contains("--force");
        assertThat(run("--name", "app.test", "--force")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "https://x", "*"})
    void aNameThatIsNoneNamesTheOption(String name) {
        assertThat(run("--name", name)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("kestrel: --name: '" + name + "'");
        assertThat(directory()).doesNotExist();
    }

    @Test
    void whatExcludesEachOtherIsSaid() {
        assertThat(run("--trust", "--untrust")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("kestrel: --trust, --untrust and --export exclude each other");
        assertThat(directory()).doesNotExist();
    }

    @Test
    void aDirectoryThatIsAFileIsNamed() throws Exception {
        Files.writeString(directory(), "");
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("kestrel: " + directory() + ": is not a directory");
    }
}
