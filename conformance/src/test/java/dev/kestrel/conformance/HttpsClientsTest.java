package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;
import dev.kestrel.testkit.TestCertificate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;

/** Clients that others wrote, over TLS and sockets. */
@Timeout(60)
class HttpsClientsTest {

    private static final int PART = 1_000_000;
    private static final int TRANSFERS = 16;

    @TempDir private Path directory;
    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private final ClientApplication application = new ClientApplication();
    private KestrelServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException {
        server =
                KestrelServer.builder()
                        .memoryPool(pool)
                        .listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                endPoint -> endPoint.https(TestCertificate.server()))
                        .handler(application)
                        .start();
        origin = "https://localhost:" + server.port();
    }

    @AfterEach
    void stop() {
        server.close();
        pool.close();
    }

    /** The version is negotiated by ALPN, so for this client too it is HTTP/2 in earnest. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void uploadsAndDownloadsAtOnceByTheClientOfTheJdk(Version version) throws Exception {
        byte[] content = ClientApplication.content(PART);
        String digest = ClientApplication.digestOf(PART);
        List<Future<HttpResponse<String>>> uploads = new ArrayList<>();
        List<Future<HttpResponse<byte[]>>> downloads = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(version)
                        .sslContext(TestCertificate.client())
                        .build()) {
            for (int i = 0; i < TRANSFERS; i++) {
                HttpRequest upload =
                        HttpRequest.newBuilder(URI.create(origin + "/digest"))
                                .POST(BodyPublishers.ofByteArray(content))
                                .build();
                uploads.add(client.sendAsync(upload, BodyHandlers.ofString()));
                HttpRequest download =
                        HttpRequest.newBuilder(URI.create(origin + "/bytes/" + PART)).build();
                downloads.add(client.sendAsync(download, BodyHandlers.ofByteArray()));
            }
            for (int i = 0; i < TRANSFERS; i++) {
                assertThat(uploads.get(i).get().body()).isEqualTo(digest);
                assertThat(uploads.get(i).get().version()).isEqualTo(version);
                assertThat(downloads.get(i).get().body()).isEqualTo(content);
                assertThat(downloads.get(i).get().version()).isEqualTo(version);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--http1.1,--tls-max 1.2,HTTP/1.1",
        "--http1.1,--tlsv1.3,HTTP/1.1",
        "--http2,--tls-max 1.2,HTTP/2",
        "--http2,--tlsv1.3,HTTP/2"
    })
    void curl(String version, String tls, String protocol) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("curl", "--silent", "--show-error", "--noproxy", "*"));
        command.addAll(List.of("--cacert", certificateFile().toString(), version));
        command.addAll(List.of(tls.split(" ")));
        ExternalProgram curl =
                new ExternalProgram(directory, "HTTP2", command.toArray(String[]::new));
        assertThat(curl.run(origin + "/")).isEqualTo("GET / " + protocol);
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(PART));
        assertThat(curl.run("-T", up.toString(), origin + "/digest"))
                .isEqualTo(ClientApplication.digestOf(PART));
        Path down = directory.resolve("down");
        curl.run("-T", up.toString(), "-o", down.toString(), origin + "/echo");
        assertThat(down).hasSameBinaryContentAs(up);
        assertThat(server.statistics().failedTlsHandshakes()).isZero();
    }

    @Test
    void curlTrustsNobodyElse() throws Exception {
        ExternalProgram curl =
                new ExternalProgram(
                        directory, "HTTP2", "curl", "--silent", "--show-error", "--noproxy", "*");
        assertThat(curl.run(60, origin + "/")).contains("certificate");
    }

    private Path certificateFile() throws Exception {
        String pem =
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(TestCertificate.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(directory.resolve("authority.pem"), pem);
    }
}
