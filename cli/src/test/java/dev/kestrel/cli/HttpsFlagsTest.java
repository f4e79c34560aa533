package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;
import dev.kestrel.options.ServerCertificate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the options of HTTPS become. Their files are not looked into before the server starts. */
class HttpsFlagsTest {

    @TempDir private Path directory = Path.of(".");

    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of("c.pem", "k.pem", "s.p12", "ca.pem")) {
            Files.writeString(directory.resolve(name), "not looked into");
        }
        Files.writeString(directory.resolve("password"), "secret\u00e9\r\nsecond line\n");
        Files.writeString(directory.resolve("empty"), "\nsecond line\n");
        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 'a'});
    }

    private HttpsFlags flags(String args) {
        String[] words = args.replace("@", directory + "/").split(" ");
        HttpsFlags flags =
                CommandLine.populateCommand(
                        new HttpsFlags(), args.isEmpty() ? new String[0] : words);
        flags.directory = directory.resolve("kestrel");
        return flags;
    }

    private static ListenOptions.Builder endPoint() {
        return ListenOptions.builder(new LocalhostEndPoint(0))
                .protocols(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
    }

    private @Nullable HttpsOptions options(String args) throws CommandFailure {
        return flags(args).apply(endPoint(), said::add).build().https();
    }

    private HttpsOptions https(String args) throws CommandFailure {
        HttpsOptions options = options(args);
        if (options == null) {
            throw new AssertionError("no HTTPS");
        }
        return options;
    }

    @Test
    void thereIsNoHttpsUnlessItIsAskedFor() throws CommandFailure {
        assertThat(options("")).isNull();
        assertThat(directory.resolve("kestrel")).doesNotExist();
    }

    @Test
    void theDevelopmentCertificateIsMadeOnceAndSaidInALine() throws CommandFailure {
        Path made = directory.resolve("kestrel");
        ServerCertificate expected =
                ServerCertificate.pem(made.resolve("localhost.pem"), made.resolve("localhost.key"));
        assertThat(https("--https").certificate()).isEqualTo(expected);
        assertThat(said).singleElement().asString().contains(made.toString(), "dev-cert --trust");
        assertThat(https("--https").certificate()).isEqualTo(expected);
        assertThat(said).as("nothing is said the second time").hasSize(1);
    }

    @Test
    void whatIsNotGivenKeepsItsDefault() throws CommandFailure {
        HttpsOptions options = https("--https --cert @c.pem");
        HttpsOptions defaults = HttpsOptions.of(ServerCertificate.pem(Path.of("x")));
        assertThat(options.plainHttp()).isEqualTo(defaults.plainHttp());
        assertThat(options.tlsVersions()).isEqualTo(defaults.tlsVersions());
        assertThat(options.clientCertificateMode()).isEqualTo(ClientCertificateMode.NONE);
    }

    @Test
    void aCertificateIsPemOrAKeyStore() throws CommandFailure {
        Path chain = directory.resolve("c.pem");
        Path key = directory.resolve("k.pem");
        Path store = directory.resolve("s.p12");
        assertThat(https("--https --cert @c.pem").certificate())
                .isEqualTo(ServerCertificate.pem(chain));
        assertThat(https("--https --cert @c.pem --key @k.pem").certificate())
                .isEqualTo(ServerCertificate.pem(chain, key));
        assertThat(
                        https("--https --cert @c.pem --key @k.pem --key-password-file @password")
                                .certificate())
                .isEqualTo(ServerCertificate.pem(chain, key).withPassword("secret\u00e9"));
        assertThat(https("--https --cert @s.p12 --cert-password-file @password").certificate())
                .isEqualTo(ServerCertificate.pkcs12(store, "secret\u00e9"));
        assertThat(https("--https --cert @s.p12").certificate())
                .isEqualTo(ServerCertificate.pkcs12(store, ""));
        assertThat(said).isEmpty();
    }

    @Test
    void whatIsGivenArrives() throws CommandFailure {
        HttpsOptions options =
                https(
                        "--https --cert @c.pem --redirect-http --tls-versions 1.3"
                                + " --client-certificates require --client-ca @ca.pem");
        assertThat(options.plainHttp()).isEqualTo(HttpsOptions.PlainHttp.REDIRECT);
        assertThat(options.tlsVersions()).containsExactly(TlsVersion.TLS_1_3);
        assertThat(options.clientCertificateMode()).isEqualTo(ClientCertificateMode.REQUIRE);
        assertThat(options.clientTrustRoots()).isEqualTo(directory.resolve("ca.pem"));
        assertThat(https("--https --cert @c.pem --tls-versions 1.2,1.3").tlsVersions())
                .containsExactlyInAnyOrder(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
    }

    /** One line that begins with the flag, and exit code 2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --cert @c.pem                                | --cert needs --https
                    --key @k.pem                                 | --key needs --https
                    --key-password-file @password                | --key-password-file needs --https
                    --cert-password-file @password               | --cert-password-file needs --https
                    --redirect-http                              | --redirect-http needs --https
                    --client-certificates none                   | --client-certificates needs --https
                    --client-ca @ca.pem                          | --client-ca needs --https
                    --tls-versions 1.3                           | --tls-versions needs --https
                    --https --key @k.pem                         | --key needs --cert FILE
                    --https --key-password-file @password        | --key-password-file needs --cert FILE
                    --https --cert-password-file @password       | --cert-password-file needs --cert FILE
                    --https --cert @none.pem                     | --cert: there is no file @none.pem
                    --https --cert @                             | --cert: @ can not be read
                    --https --cert @c.pem --key @none.pem        | --key: there is no file @none.pem
                    --https --cert @s.p12 --key @k.pem           | --key is for certificates in PEM, but @s.p12 is taken for a key store, which holds its key
                    --https --cert @c.pem --client-certificates allow | --client-certificates needs --client-ca FILE: the authorities whose clients are trusted
                    --https --cert @c.pem --client-ca @ca.pem    | --client-ca needs --client-certificates allow or require
                    --https --cert @c.pem --client-certificates allow --client-ca @none | --client-ca: there is no file @none
                    --https --cert @s.p12 --cert-password-file @none | --cert-password-file: there is no file @none
                    --https --cert @s.p12 --cert-password-file @empty | --cert-password-file: the first line of @empty has to be a password in UTF-8
                    --https --cert @c.pem --key-password-file @binary | --key-password-file: the first line of @binary has to be a password in UTF-8
                    """)
    void mistakesNameTheFlag(String args, String message) {
        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> options(args));
        assertThat(failure.getMessage().replace("/ ", " "))
                .isEqualTo(message.replace("@ ", directory + " ").replace("@", directory + "/"));
        assertThat(failure.exitCode()).isEqualTo(2);
    }

    /** What the server finds wrong with a file names the flag that has to be mended. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --cert             | --https --cert c.pem               | The file c.pem of https.certificate holds no key
                    --cert             | --https --cert c.pem --key k.pem   | The file c.pem of https.certificate is damaged
                    --key              | --https --cert c.pem --key k.pem   | The key k.pem of https.certificate does not belong to c.pem
                    --key              | --https --cert c.pem --key k.pem   | The key k.pem of https.certificate needs a password
                    --key-password-file | --https --cert c.pem --key k.pem --key-password-file p | The key k.pem of https.certificate is not opened by its password
                    --cert-password-file | --https --cert s.p12 --cert-password-file p | The store s.p12 of https.certificate is not opened by its password
                    --client-ca        | --https --cert c.pem               | The file x of https.clientTrustRoots holds no certificate
                    """)
    void aStartThatFailsNamesTheFlag(String flag, String args, String message) {
        CommandFailure failure = flags(args).explain(new IOException(message));
        assertThat(failure).hasMessage(flag + ": " + message);
        assertThat(failure.exitCode()).isEqualTo(2);
    }

    @Test
    void aStartThatFailsForAnotherReasonNamesNone() {
        CommandFailure failure = flags("--https --cert c.pem").explain(new IOException("no port"));
        assertThat(failure).hasMessage("cannot start: no port");
        assertThat(failure.exitCode()).isEqualTo(1);
    }

    @Test
    void theFirstLinesSayWhichCertificateAndWhatIsOffered() throws CommandFailure {
        ListenOptions both = endPoint().build();
        assertThat(flags("").notes(both)).isEmpty();
        assertThat(flags("--https").notes(both))
                .containsExactly(
                        "Development certificate, authority "
                                + directory.resolve("kestrel").resolve("ca.pem")
                                + "; ALPN offers h2 and http/1.1.");
        ListenOptions http1 = endPoint().protocols(HttpVersion.HTTP_1_1).build();
        assertThat(flags("--https --cert @c.pem").notes(http1))
                .containsExactly(
                        "Certificate " + directory.resolve("c.pem") + "; ALPN offers http/1.1.");
    }
}
