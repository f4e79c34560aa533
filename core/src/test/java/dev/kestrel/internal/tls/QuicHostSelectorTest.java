package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.internal.serving.ManualTime;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.SniOptions;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/** What clients of HTTP/3 get: the certificates of the endpoint, with what QUIC asks for. */
class QuicHostSelectorTest {

    private static final TestCertificate FIRST = TestCertificate.named("first.example").make();
    private static final TestCertificate SECOND = TestCertificate.named("second.example").make();

    @TempDir Path directory;

    private final ManualTime time = new ManualTime();
    private final TlsCounters counters = new TlsCounters();

    private ServerCertificate files(TestCertificate certificate) throws Exception {
        Path file = directory.resolve(certificate.certificate().getSerialNumber() + ".pem");
        return ServerCertificate.pem(
                Files.writeString(file, certificate.pem() + certificate.keyPem()));
    }

    private HttpsEndPoint endPoint(Consumer<HttpsOptionsBuilder> change) throws IOException {
        HttpsOptionsBuilder options = HttpsOptions.builder().engine("jdk");
        change.accept(options);
        return new HttpsEndPoint(
                options.build(),
                Set.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3),
                "here",
                time,
                new MemoryPool(),
                counters);
    }

    private TlsHostSelector hosts(Consumer<HttpsOptionsBuilder> change) throws IOException {
        return Objects.requireNonNull(endPoint(change).quic());
    }

    private static X509Certificate shown(@Nullable TlsEngineSettings settings) {
        return Objects.requireNonNull(settings).chain().getFirst();
    }

    /** RFC 9001 section 4.2: TLS 1.3; RFC 9114 section 3.1: the token "h3". */
    @Test
    void quicHasTls13AndHttp3Alone() throws Exception {
        ServerCertificate certificate = files(FIRST);
        TlsEngineSettings settings =
                hosts(options -> options.certificate(certificate)).select("any.example");
        assertThat(shown(settings)).isEqualTo(FIRST.certificate());
        assertThat(Objects.requireNonNull(settings).versions()).containsExactly(TlsVersion.TLS_1_3);
        assertThat(settings.applicationProtocols()).containsExactly("h3");
        assertThat(settings.clientTrust()).isNull();
    }

    @Test
    void namesHaveTheirCertificates() throws Exception {
        ServerCertificate first = files(FIRST);
        ServerCertificate second = files(SECOND);
        TlsHostSelector hosts =
                hosts(
                        options ->
                                options.certificate(first)
                                        .name("second.example", second)
                                        .name("*.wild.example", second));
        assertThat(shown(hosts.select("second.example"))).isEqualTo(SECOND.certificate());
        assertThat(shown(hosts.select("a.wild.example"))).isEqualTo(SECOND.certificate());
        assertThat(shown(hosts.select("other.example"))).isEqualTo(FIRST.certificate());
        assertThat(shown(hosts.select(null))).isEqualTo(FIRST.certificate());
    }

    @Test
    void aNameThatDoesNotSpeakHttp3IsRefused() throws Exception {
        ServerCertificate first = files(FIRST);
        TlsHostSelector hosts =
                hosts(
                        options ->
                                options.certificate(first)
                                        .name(
                                                "old.example",
                                                SniOptions.NONE.withProtocols(HttpVersion.HTTP_1_1))
                                        .name(
                                                "older.example",
                                                SniOptions.NONE.withTlsVersions(
                                                        TlsVersion.TLS_1_2)));
        assertThat(hosts.select("old.example")).isNull();
        assertThat(hosts.select("older.example")).isNull();
        assertThat(hosts.select("new.example")).isNotNull();
    }

    /** "the same object as before while nothing has changed" */
    @Test
    void theAnswerIsTheSameUntilTheCertificateChanges() throws Exception {
        ServerCertificate certificate = files(FIRST);
        HttpsEndPoint endPoint = endPoint(options -> options.certificate(certificate));
        TlsHostSelector hosts = Objects.requireNonNull(endPoint.quic());
        TlsEngineSettings before = hosts.select("a");
        assertThat(hosts.select("b")).isSameAs(before);
        Path file = directory.resolve(FIRST.certificate().getSerialNumber() + ".pem");
        Files.writeString(file, SECOND.pem() + SECOND.keyPem());
        endPoint.check();
        assertThat(shown(hosts.select("a"))).isEqualTo(SECOND.certificate());
    }

    /** As in the original, where the connection is null for QUIC. */
    @Test
    void aCallbackIsAskedWithoutAConnection() throws Exception {
        ServerCertificate certificate = files(FIRST);
        List<Object> asked = new ArrayList<>();
        TlsHostSelector hosts =
                hosts(
                        options ->
                                options.certificateSelector(
                                        (connection, hello) -> {
                                            asked.add(
                                                    connection == null
                                                            ? "none " + hello.serverName()
                                                            : connection);
                                            return "a.example".equals(hello.serverName())
                                                    ? certificate
                                                    : null;
                                        }));
        assertThat(shown(hosts.select("a.example"))).isEqualTo(FIRST.certificate());
        assertThat(hosts.select("b.example")).isNull();
        assertThat(asked).containsExactly("none a.example", "none b.example");
    }

    @Test
    void aReadyContextCanNotServeQuicAndTheMessageSaysWhatTo() throws Exception {
        SSLContext context = SSLContext.getDefault();
        assertThatThrownBy(
                        () -> hosts(options -> options.certificate(ServerCertificate.of(context))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("https (endpoint here)")
                .hasMessageContaining("SSLContext")
                .hasMessageContaining("HTTP_3");
    }

    @Test
    void theStrictestModeOfClientCertificatesIsThatOfTheEndPoint() throws Exception {
        ServerCertificate first = files(FIRST);
        assertThat(
                        hosts(
                                        options ->
                                                options.certificate(first)
                                                        .clientTrustManager(new Nobody())
                                                        .name(
                                                                "strict.example",
                                                                SniOptions.NONE
                                                                        .withClientCertificateMode(
                                                                                ClientCertificateMode
                                                                                        .REQUIRE)))
                                .clientCertificates())
                .isEqualTo(ClientCertificateMode.REQUIRE);
    }

    /** On an event loop many handshakes share a thread: what one client showed is no other's. */
    @Test
    void clientsAreCheckedEachTimeOnTheSameThread() throws Exception {
        ClientTrust trust =
                ClientTrust.byThread(null, chain -> chain.getFirst().equals(FIRST.certificate()))
                        .forAnyThread();
        X509Certificate[] good = {FIRST.certificate()};
        X509Certificate[] bad = {SECOND.certificate()};
        trust.checkClientTrusted(good, "RSA");
        assertThat(trust.hasChecked()).isFalse();
        assertThatThrownBy(() -> trust.checkClientTrusted(bad, "RSA"))
                .isInstanceOf(CertificateException.class);
        trust.checkClientTrusted(good, "RSA");
    }

    @Test
    void handshakesAreCounted() throws Exception {
        ServerCertificate certificate = files(FIRST);
        TlsHostSelector hosts =
                hosts(
                        options ->
                                options.certificate(certificate)
                                        .handshakeTimeout(Duration.ofSeconds(3)));
        assertThat(hosts.handshakeTimeout()).isEqualTo(Duration.ofSeconds(3));
        hosts.handshakeStarted();
        hosts.handshakeStarted();
        assertThat(counters.current()).isEqualTo(2);
        hosts.handshakeEnded(true);
        hosts.handshakeEnded(false);
        assertThat(counters.completed()).isEqualTo(1);
        assertThat(counters.failed()).isEqualTo(1);
    }

    private static final class Nobody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("nobody");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("nobody");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
