package dev.kestrel.cli.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A machine of its own below a temporary directory; its programs only remember their calls. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has none of these stores")
class TrustStoresTest {

    @TempDir private Path root = Path.of(".");

    private final List<String> said = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();
    private int code;

    private Path authority() {
        return root.resolve("ca.pem");
    }

    @BeforeEach
    void writeAuthority() throws IOException {
        Files.writeString(authority(), "PEM");
    }

    private TrustStores stores(String system, String... programs) {
        Commands commands =
                new Commands() {
                    @Override
                    public boolean has(String program) {
                        return Set.of(programs).contains(program);
                    }

                    @Override
                    public Result run(List<String> words) throws IOException {
                        ran.add(String.join(" ", words));
                        if (words.contains("-N")) {
                            Files.writeString(home().resolve(".pki/nssdb/cert9.db"), "");
                        }
                        return new Result(words.contains("-L") ? 255 : code, "what it says");
                    }
                };
        return new TrustStores(root, home(), system, commands, said::add);
    }

    private Path home() {
        return root.resolve("home");
    }

    private Path makeStore(String directory) throws IOException {
        return Files.createDirectories(root.resolve(directory));
    }

    @ParameterizedTest
    @CsvSource({
        "usr/local/share/ca-certificates, update-ca-certificates, crt, update-ca-certificates",
        "etc/pki/ca-trust/source/anchors, update-ca-trust, pem, update-ca-trust extract",
        "etc/ca-certificates/trust-source/anchors, update-ca-trust, pem, update-ca-trust extract",
        "usr/share/pki/trust/anchors, update-ca-certificates, pem, update-ca-certificates"
    })
    void rootInstallsAndRemovesItWhereLinuxKeepsIt(
            String directory, String program, String extension, String command) throws Exception {
        Path file = makeStore(directory).resolve("kestrel-development-ca." + extension);
        TrustStores stores = stores("Linux", program);
        assertThat(stores.isInstalled(authority())).isFalse();

        assertThat(stores.install(authority())).isTrue();
        assertThat(file).hasContent("PEM");
        assertThat(ran).containsExactly(command);
        assertThat(stores.isInstalled(authority())).isTrue();

        assertThat(stores.remove()).isTrue();
        assertThat(file).doesNotExist();
        assertThat(ran).containsExactly(command, command);
    }

    @Test
    void anAuthorityThatIsAnotherNowIsNotTrusted() throws Exception {
        makeStore("usr/local/share/ca-certificates");
        TrustStores stores = stores("Linux", "update-ca-certificates");
        stores.install(authority());
        Files.writeString(authority(), "another");
        assertThat(stores.isInstalled(authority())).isFalse();
    }

    @Test
    void whoIsNotRootIsToldWhatToRun() {
        SystemTrust store = store();
        assertThat(store.installCommand(Path.of("/home/me/it's here/ca.pem")))
                .isEqualTo(
                        "sudo install -m 644 '/home/me/it'\\''s here/ca.pem' "
                                + store.file()
                                + " && sudo update-ca-certificates");
        assertThat(store.removeCommand())
                .isEqualTo("sudo rm -f " + store.file() + " && sudo update-ca-certificates");
    }

    private SystemTrust store() {
        try {
            makeStore("usr/local/share/ca-certificates");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        SystemTrust store =
                SystemTrust.find(
                        root,
                        new Commands() {
                            @Override
                            public boolean has(String program) {
                                return true;
                            }

                            @Override
                            public Result run(List<String> words) {
                                return new Result(0, "");
                            }
                        });
        if (store == null) {
            throw new AssertionError("not found");
        }
        return store;
    }

    @Test
    void chromiumsStoreIsMadeAndFirefoxsProfilesAreFound() throws Exception {
        Path profile = makeStore("home/.mozilla/firefox/abc.default");
        Files.writeString(profile.resolve("cert9.db"), "");
        makeStore("home/.mozilla/firefox/Crash Reports");
        stores("Linux", "certutil").install(authority());
        String chromium = "certutil -d sql:" + home().resolve(".pki/nssdb");
        String firefox = "certutil -d sql:" + profile;
        String add = " -A -t C,, -n Kestrel development CA -i " + authority();
        String look = " -L -n Kestrel development CA";
        assertThat(ran)
                .containsExactly(
                        chromium + " -N --empty-password",
                        chromium + look,
                        chromium + add,
                        firefox + look,
                        firefox + add);
    }

    @Test
    void withoutCertutilBrowsersAreLeftToTheUser() throws Exception {
        makeStore("usr/local/share/ca-certificates");
        assertThat(stores("Linux", "update-ca-certificates").install(authority())).isTrue();
        assertThat(said).anyMatch(line -> line.contains("certutil"));
        assertThat(said).anyMatch(line -> line.startsWith("Firefox: "));
    }

    @Test
    void aSystemThatIsNotKnownIsSaid() throws Exception {
        assertThat(stores("Linux").install(authority())).isFalse();
        assertThat(said).anyMatch(line -> line.contains("curl --cacert " + authority()));
        assertThat(ran).isEmpty();
    }

    @Test
    void aCommandThatFailsIsNamed() throws Exception {
        makeStore("usr/local/share/ca-certificates");
        code = 1;
        assertThatThrownBy(() -> stores("Linux", "update-ca-certificates").install(authority()))
                .hasMessage("update-ca-certificates failed: what it says");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X", "Windows 11"})
    void otherSystemsAreExplained(String system) throws Exception {
        assertThat(stores(system, "certutil").install(authority())).isFalse();
        assertThat(said).anyMatch(line -> line.contains(authority().toString()));
        assertThat(stores(system, "certutil").remove()).isFalse();
        assertThat(ran).as("nothing is changed").isEmpty();
    }
}
