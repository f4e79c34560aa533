package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509TrustManager;

/** What every engine does. Alerts are known by the names that the client has for them. */
@Timeout(60)
class TlsEngineTest {

    private static final HttpHandler HELLO =
            ctx -> {
                TlsConnectionFeature tls = tls(ctx);
                ctx.response()
                        .send(
                                String.join(
                                        " ",
                                        tls.version().protocol(),
                                        tls.applicationProtocol(),
                                        String.valueOf(tls.clientCertificate() != null)));
            };

    private static TlsConnectionFeature tls(HttpContext context) {
        return Objects.requireNonNull(context.features().get(TlsConnectionFeature.class));
    }

    /** Trusts every client, or none. */
    private record Trust(boolean all) implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            if (!all) {
                throw new CertificateException("Not trusted");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static TestServer asking(ClientCertificateMode mode, boolean trusting) {
        return TestServer.builder()
                .https(
                        https ->
                                https.clientCertificateMode(mode)
                                        .clientTrustManager(new Trust(trusting)))
                .start(HELLO);
    }

    private static String get(TestServer server, SSLEngine client) throws IOException {
        return Tls.get(server.connectRaw().startTls(client));
    }

    /** RFC 8446 section 4.6.1; RFC 5077. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumed(String version) throws IOException {
        TlsClients clients = TlsClients.withoutCertificate();
        try (TestServer server = TestServer.builder().https().start(HELLO)) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(server, clients.engine(version, "http/1.1")))
                        .endsWith(version + " http/1.1 false");
            }
        }
        assertThat(clients.certificatesSeen.get()).isEqualTo(1);
    }

    /** What a client has shown of itself is known when it resumes its session. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientsAreKnownWhenTheyResumeASession(String version) throws IOException {
        TlsClients clients = TlsClients.withCertificate();
        try (TestServer server = asking(ClientCertificateMode.REQUIRE, true)) {
            for (int i = 0; i < 2; i++) {
                assertThat(get(server, clients.engine(version, "http/1.1")))
                        .endsWith(version + " http/1.1 true");
            }
        }
    }

    /**
     * RFC 7301 section 3.2: "In the event that the server supports no protocols that the client
     * advertises, then the server SHALL respond with a fatal 'no_application_protocol' alert."
     */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatSpeaksNoneOfOursIsRefused(String version) throws IOException {
        try (TestServer server = TestServer.builder().https().start(HELLO)) {
            SSLEngine client = TlsClients.withoutCertificate().engine(version, "smtp", "http/1.0");
            assertThatThrownBy(() -> server.connectRaw().startTls(client))
                    .hasMessageContaining("no_application_protocol");
        }
    }

    /** "The server's preference": h2 before http/1.1, whatever the client's order is. */
    @Test
    void theServerChoosesTheProtocol() throws IOException {
        try (TestServer server = TestServer.builder().https().start(HELLO)) {
            SSLEngine client =
                    TlsClients.withoutCertificate().engine("TLSv1.3", "smtp", "http/1.1", "h2");
            server.connectRaw().startTls(client);
            assertThat(client.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    /** RFC 7301 section 3.1: the extension is the client's to send. */
    @Test
    void aClientWithoutAlpnIsServed() throws IOException {
        HttpHandler handler = ctx -> ctx.response().send("none: " + tls(ctx).applicationProtocol());
        try (TestServer server = TestServer.builder().https().start(handler)) {
            assertThat(get(server, TlsClients.withoutCertificate().engine("TLSv1.3")))
                    .endsWith("none: null");
        }
    }

    /** RFC 8446 section 6.2: protocol_version. */
    @ParameterizedTest
    @CsvSource({"TLS_1_2, TLSv1.3", "TLS_1_3, TLSv1.2"})
    void aVersionThatIsNotSpokenIsRefused(TlsVersion spoken, String wanted) throws IOException {
        try (TestServer server =
                TestServer.builder().https(https -> https.tlsVersions(spoken)).start(HELLO)) {
            SSLEngine client = TlsClients.withoutCertificate().engine(wanted, "http/1.1");
            assertThatThrownBy(() -> server.connectRaw().startTls(client))
                    .hasMessageContaining("protocol_version");
            String own = spoken.protocol();
            assertThat(get(server, TlsClients.withoutCertificate().engine(own, "http/1.1")))
                    .endsWith(own + " http/1.1 false");
        }
    }

    /** RFC 8446 section 6.2: handshake_failure, "unable to negotiate an acceptable set". */
    @Test
    void aClientWithoutASuiteOfOursIsRefused() throws IOException {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (TestServer server =
                TestServer.builder()
                        .https(
                                https ->
                                        https.tlsVersions(TlsVersion.TLS_1_2)
                                                .cipherSuites(List.of(suite)))
                        .start(HELLO)) {
            SSLEngine client = TlsClients.withoutCertificate().engine("TLSv1.2", "http/1.1");
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
            assertThatThrownBy(() -> server.connectRaw().startTls(client))
                    .hasMessageContaining("handshake_failure");
            SSLEngine other = TlsClients.withoutCertificate().engine("TLSv1.2", "http/1.1");
            assertThat(get(server, other)).contains("200");
            assertThat(other.getSession().getCipherSuite()).isEqualTo(suite);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificatesOfClients(String version) throws IOException {
        TlsClients known = TlsClients.withCertificate();
        TlsClients unknown = TlsClients.withoutCertificate();
        try (TestServer server = asking(ClientCertificateMode.NONE, true)) {
            assertThat(get(server, known.engine(version, "http/1.1"))).endsWith("false");
        }
        try (TestServer server = asking(ClientCertificateMode.ALLOW, true)) {
            assertThat(get(server, known.engine(version, "http/1.1"))).endsWith("true");
            assertThat(get(server, unknown.engine(version, "http/1.1"))).endsWith("false");
        }
        try (TestServer server = asking(ClientCertificateMode.REQUIRE, true)) {
            assertThat(get(server, known.engine(version, "http/1.1"))).endsWith("true");
            isRefused(server, unknown.engine(version, "http/1.1"));
        }
    }

    /** ALLOW: "one that is not trusted is refused". */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateThatIsNotTrustedIsRefused(String version) throws IOException {
        for (ClientCertificateMode mode :
                List.of(ClientCertificateMode.ALLOW, ClientCertificateMode.REQUIRE)) {
            try (TestServer server = asking(mode, false)) {
                isRefused(server, TlsClients.withCertificate().engine(version, "http/1.1"));
            }
        }
    }

    /** With TLS 1.3 the client learns of it when it first reads. */
    private static void isRefused(TestServer server, SSLEngine client) {
        long before = server.server().statistics().failedTlsHandshakes();
        MemoryConnection connection = server.connectRaw();
        assertThatThrownBy(() -> Tls.get(connection.startTls(client)))
                .hasMessageContaining("fatal alert");
        // It is counted once the client was told, which may have been a moment ago.
        while (server.server().statistics().failedTlsHandshakes() == before) {
            Thread.yield();
        }
        assertThat(server.server().statistics().failedTlsHandshakes()).isEqualTo(before + 1);
    }
}
