package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.testkit.TestCertificate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.X509TrustManager;

/** TLS 1.3 inside QUIC: names, protocols, certificates of clients. */
@Timeout(60)
class QuicTlsTest {

    /** RFC 9001 section 4.8, and the alerts of RFC 8446 section 6. */
    private static final int CERTIFICATE_REQUIRED = 0x100 + 116;

    private final TestQuicServer server = new TestQuicServer();
    private final ServerCertificate.KeyAndChain certificate =
            (ServerCertificate.KeyAndChain) TestCertificate.server();

    @BeforeEach
    void prepare() {
        server.hosts.started.set(0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private TlsConnectionFeature negotiate(TestQuicClient.Builder builder) throws IOException {
        try (TestQuicClient client = builder.connect(server.address());
                MultiplexedConnectionContext connection = server.accept()) {
            assertThat(client.channel.isActive()).isTrue();
            return Objects.requireNonNull(connection.features().get(TlsConnectionFeature.class));
        }
    }

    private static TlsEngineSettings speaking(String protocol) {
        TlsEngineSettings base = TestHosts.settings(ClientCertificateMode.NONE, null);
        return new TlsEngineSettings(
                base.key(),
                base.chain(),
                base.versions(),
                base.cipherSuites(),
                base.groups(),
                List.of(protocol),
                base.clientCertificates(),
                base.clientTrust());
    }

    @Test
    void whatWasNegotiated() throws IOException {
        server.start();
        TlsConnectionFeature tls = negotiate(new TestQuicClient.Builder());
        assertThat(tls.version()).isEqualTo(TlsVersion.TLS_1_3);
        assertThat(tls.cipherSuite()).startsWith("TLS_").contains("_SHA");
        assertThat(tls.serverName()).isEqualTo("example.org");
        assertThat(tls.applicationProtocol()).isEqualTo("h3");
        assertThat(tls.clientCertificates()).isEmpty();
        assertThat(server.hosts.started).hasValue(1);
        assertThat(server.hosts.completed).hasValue(1);
        assertThat(server.hosts.failed).hasValue(0);
    }

    /** A name without a dot is none that clients of BoringSSL send. */
    @Test
    void aClientThatNamesNoHost() throws IOException {
        server.start();
        assertThat(negotiate(new TestQuicClient.Builder().name("localhost")).serverName()).isNull();
    }

    /** RFC 9001 section 8.1: without a protocol in common the connection ends. */
    @Test
    void aClientThatSpeaksSomethingElseIsRefused() throws IOException {
        server.start();
        assertThatThrownBy(
                        () ->
                                new TestQuicClient.Builder()
                                        .protocol("other")
                                        .connect(server.address()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void namesHaveSettingsOfTheirOwn() throws IOException {
        server.hosts.others = null;
        server.hosts.byName.put("example.org", speaking("h3"));
        server.start();
        assertThat(negotiate(new TestQuicClient.Builder().name("example.org")).serverName())
                .isEqualTo("example.org");
        assertThatThrownBy(
                        () ->
                                new TestQuicClient.Builder()
                                        .name("localhost")
                                        .connect(server.address()))
                .isInstanceOf(IOException.class);
    }

    /** "The same object as before while nothing has changed": another object is a reload. */
    @Test
    void aReloadHoldsForTheNextConnection() throws IOException {
        server.start();
        assertThat(negotiate(new TestQuicClient.Builder()).applicationProtocol()).isEqualTo("h3");
        server.hosts.others = speaking("reloaded");
        assertThat(
                        negotiate(new TestQuicClient.Builder().protocol("reloaded"))
                                .applicationProtocol())
                .isEqualTo("reloaded");
    }

    @Test
    void aClientWithACertificate() throws IOException {
        server.hosts.mode = ClientCertificateMode.REQUIRE;
        server.hosts.others = TestHosts.settings(ClientCertificateMode.REQUIRE, new Trust(true));
        server.start();
        TlsConnectionFeature tls =
                negotiate(
                        new TestQuicClient.Builder()
                                .tls(
                                        tlsBuilder ->
                                                tlsBuilder.keyManager(
                                                        certificate.key(),
                                                        null,
                                                        TestCertificate.certificate())));
        assertThat(tls.clientCertificate()).isEqualTo(TestCertificate.certificate());
    }

    /** "They are asked, and one that has none is refused." */
    @Test
    void aClientWithoutTheCertificateThatItNeeds() throws Exception {
        server.hosts.mode = ClientCertificateMode.REQUIRE;
        server.hosts.others = TestHosts.settings(ClientCertificateMode.REQUIRE, new Trust(true));
        server.start();
        // A client of TLS 1.3 is done before the server has seen its certificate.
        try (TestQuicClient client = TestQuicClient.connect(server.address())) {
            assertThat(client.closeEvent.get(30, TimeUnit.SECONDS).error())
                    .isEqualTo(CERTIFICATE_REQUIRED);
            assertThat(server.hosts.completed).hasValue(0);
        }
    }

    /** "One that has none is served without." */
    @Test
    void aClientThatMayHaveACertificate() throws IOException {
        server.hosts.mode = ClientCertificateMode.ALLOW;
        server.hosts.others = TestHosts.settings(ClientCertificateMode.ALLOW, new Trust(true));
        server.start();
        assertThat(negotiate(new TestQuicClient.Builder()).clientCertificate()).isNull();
    }

    /** "One that is not trusted is refused." */
    @Test
    void aClientThatIsNotTrusted() throws Exception {
        server.hosts.mode = ClientCertificateMode.ALLOW;
        server.hosts.others = TestHosts.settings(ClientCertificateMode.ALLOW, new Trust(false));
        server.start();
        try (TestQuicClient client =
                new TestQuicClient.Builder()
                        .tls(
                                tls ->
                                        tls.keyManager(
                                                certificate.key(),
                                                null,
                                                TestCertificate.certificate()))
                        .connect(server.address())) {
            assertThat(client.closeEvent.get(30, TimeUnit.SECONDS).isTlsError()).isTrue();
            assertThat(server.hosts.completed).hasValue(0);
        }
    }

    /**
     * A session that is resumed brings the chain of its first handshake (RFC 8446 section 2.2),
     * which is checked again.
     */
    @Test
    void aClientThatComesAgain() throws Exception {
        server.hosts.mode = ClientCertificateMode.REQUIRE;
        server.hosts.others = TestHosts.settings(ClientCertificateMode.REQUIRE, new Trust(true));
        server.start();
        TestQuicClient.Builder builder =
                new TestQuicClient.Builder()
                        .tls(
                                tls ->
                                        tls.keyManager(
                                                certificate.key(),
                                                null,
                                                TestCertificate.certificate()));
        for (int i = 0; i < 2; i++) {
            try (TestQuicClient client = builder.connect(server.address());
                    MultiplexedConnectionContext connection = server.accept()) {
                TlsConnectionFeature tls =
                        Objects.requireNonNull(
                                connection.features().get(TlsConnectionFeature.class));
                assertThat(tls.clientCertificate()).isEqualTo(TestCertificate.certificate());
                TestQuicStream request = client.open();
                request.send("has the ticket when it has the answer", true);
                TestQuicServer.echo(TestQuicServer.acceptStream(connection));
                request.readAll();
            }
        }
        server.hosts.others = TestHosts.settings(ClientCertificateMode.REQUIRE, new Trust(false));
        try (TestQuicClient client = builder.connect(server.address())) {
            assertThat(client.closeEvent.get(30, TimeUnit.SECONDS).isTlsError()).isTrue();
            assertThat(server.hosts.completed).hasValue(2);
        }
    }

    /** Trusts everybody or nobody. */
    private record Trust(boolean everybody) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            if (!everybody) {
                throw new CertificateException("not this one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
