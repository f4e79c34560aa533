package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kestrel.app.WebApplication;
import dev.kestrel.server.KestrelServer;

import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** {@code serve --https} as a process of its own, and a client that trusts nothing but its CA. */
@Timeout(60)
class ServeHttpsProcessTest {

    @TempDir private Path temporary = Path.of(".");

    private Process serve(String... options) throws Exception {
        Path site = Files.createDirectory(temporary.resolve("site"));
        Files.writeString(site.resolve("index.html"), "<p>It works");
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath(),
            Main.class.getName(),
            "serve",
            "--port",
            "0",
            site.toString()
        };
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(Stream.of(command), Stream.of(options)).toList());
        builder.environment().put("XDG_DATA_HOME", temporary.toAbsolutePath().toString());
        return builder.start();
    }

    private Path authority() {
        return temporary.resolve("kestrel").resolve("ca.pem");
    }

    @Test
    void itMakesItsCertificateAndServesBothVersionsAndRedirects() throws Exception {
        Process process = serve("--https", "--redirect-http");
        try (BufferedReader out = process.inputReader(UTF_8)) {
            assertThat(out.readLine()).startsWith("Made a certificate for localhost in ");
            assertThat(out.readLine()).contains(" serves ");
            String url = out.readLine().strip();
            assertThat(url).matches("https://localhost:\\d+");
            assertThat(out.readLine())
                    .isEqualTo(
                            "Development certificate, authority "
                                    + authority().toAbsolutePath()
                                    + "; ALPN offers h2 and http/1.1.");
            assertThat(out.readLine()).isEqualTo("Ctrl-C stops it.");

            try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
                for (HttpClient.Version version : HttpClient.Version.values()) {
                    if (version == HttpClient.Version.HTTP_1_1
                            || version == HttpClient.Version.HTTP_2) {
                        HttpResponse<String> answer = get(client, url + "/", version);
                        assertThat(answer.version()).isEqualTo(version);
                        assertThat(answer.body()).isEqualTo("<p>It works");
                    }
                }
                HttpResponse<String> moved =
                        get(
                                client,
                                url.replace("https", "http") + "/a?b",
                                HttpClient.Version.HTTP_1_1);
                assertThat(moved.statusCode()).isEqualTo(308);
                assertThat(moved.headers().firstValue("Location")).hasValue(url + "/a?b");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aCertificateThatCanNotBeReadNamesTheFlag() throws Exception {
        Path file = Files.writeString(temporary.resolve("c.pem"), "no certificate");
        Process process = serve("--https", "--cert", file.toString());
        try (BufferedReader err = process.errorReader(UTF_8)) {
            assertThat(err.lines())
                    .singleElement()
                    .asString()
                    .startsWith("kestrel: --cert: ")
                    .contains(file.toString());
            assertThat(process.waitFor()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static HttpResponse<String> get(
            HttpClient client, String url, HttpClient.Version version) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url)).version(version).build(),
                BodyHandlers.ofString());
    }

    private SSLContext trusting() throws Exception {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        try (InputStream pem = Files.newInputStream(authority())) {
            roots.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Where the classes that the command needs were loaded from. */
    private static String classPath() {
        return Stream.of(
                        Main.class,
                        WebApplication.class,
                        KestrelServer.class,
                        CommandLine.class,
                        X500Name.class,
                        MiscObjectIdentifiers.class,
                        X509v3CertificateBuilder.class)
                .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
