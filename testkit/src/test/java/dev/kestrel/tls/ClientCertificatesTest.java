package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.testkit.TestServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Clients that show certificates, and those that do not. */
@Timeout(60)
@ParameterizedClass
@ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
class ClientCertificatesTest {

    private static final char[] PASSWORD = "x".toCharArray();

    private static final HttpHandler WHO =
            ctx -> {
                TlsConnectionFeature tls = ctx.features().get(TlsConnectionFeature.class);
                assertThat(tls).isNotNull();
                List<String> names =
                        tls.clientCertificates().stream().map(Certificates::name).toList();
                ctx.response().send("clients: " + names);
            };

    @Parameter private String version;

    private TlsClient client(@Nullable String certificate) {
        return new TlsClient(certificate).versions(version);
    }

    private static TestServer start(
            ClientCertificateMode mode, Consumer<HttpsOptionsBuilder> change) {
        return TestServer.builder()
                .https(options -> change.accept(options.clientCertificateMode(mode)))
                .start(WHO);
    }

    private static void trustAuthority(HttpsOptionsBuilder options) {
        options.clientTrustRoots(Certificates.authority());
    }

    /** "They are not asked." */
    @Test
    void none() throws IOException {
        try (TestServer server =
                start(ClientCertificateMode.NONE, ClientCertificatesTest::trustAuthority)) {
            assertThat(client("client").get(server, "localhost")).endsWith("clients: []");
            assertThat(client("stranger").get(server, "localhost")).endsWith("clients: []");
        }
    }

    /** "One that has none is served without, one that is not trusted is refused." */
    // Other engines refuse with alerts of their own.
    @Tag("jdk-engine")
    @Test
    void allow() throws IOException {
        try (TestServer server =
                start(ClientCertificateMode.ALLOW, ClientCertificatesTest::trustAuthority)) {
            assertThat(client(null).get(server, "localhost")).endsWith("clients: []");
            assertThat(client("client").get(server, "localhost"))
                    .endsWith("clients: [client, authority]");
            assertThatThrownBy(() -> client("stranger").get(server, "localhost"))
                    .hasMessageContaining("alert: certificate_unknown");
            assertThatThrownBy(() -> client("expired").get(server, "localhost"))
                    .hasMessageContaining("alert: certificate_");
            assertThat(client(null).get(server, "localhost")).endsWith("clients: []");
            assertThat(Tls.failedHandshakes(server)).isEqualTo(2);
        }
    }

    /** "One that has none is refused." */
    // Other engines refuse with alerts of their own.
    @Tag("jdk-engine")
    @Test
    void require() throws IOException {
        try (TestServer server =
                start(ClientCertificateMode.REQUIRE, ClientCertificatesTest::trustAuthority)) {
            assertThatThrownBy(() -> client(null).get(server, "localhost"))
                    .hasMessageMatching(
                            version.equals("TLSv1.3")
                                    ? ".*alert: (certificate_required|bad_certificate)"
                                    : ".*alert: (handshake_failure|bad_certificate)");
            assertThatThrownBy(() -> client("stranger").get(server, "localhost"))
                    .hasMessageContaining("alert: certificate_unknown");
            assertThatThrownBy(() -> client("expired").get(server, "localhost"))
                    .hasMessageContaining("alert: certificate_");
            assertThat(client("client").get(server, "localhost"))
                    .endsWith("clients: [client, authority]");
            assertThat(Tls.failedHandshakes(server)).isEqualTo(3);
        }
    }

    /** "Has a callback decide about the certificates of clients that are trusted". */
    @Test
    void aCallbackSeesTheChainOfThoseWhoAreTrusted() throws IOException {
        List<String> seen = new ArrayList<>();
        try (TestServer server =
                start(
                        ClientCertificateMode.REQUIRE,
                        options -> {
                            trustAuthority(options);
                            options.clientCertificateValidator(
                                    chain -> {
                                        chain.forEach(each -> seen.add(Certificates.name(each)));
                                        return true;
                                    });
                        })) {
            assertThat(client("client").get(server, "localhost")).contains(" 200 ");
            assertThat(seen).containsExactly("client", "authority");
            assertThatThrownBy(() -> client("stranger").get(server, "localhost"))
                    .hasMessageContaining("fatal alert");
            assertThat(seen).hasSize(2);
        }
    }

    /** "Without clientTrustRoots and clientTrustManager about all of them." */
    // Other engines refuse with alerts of their own.
    @Tag("jdk-engine")
    @Test
    void aCallbackAloneDecidesAboutAll() throws IOException {
        try (TestServer server =
                start(
                        ClientCertificateMode.ALLOW,
                        options ->
                                options.clientCertificateValidator(
                                        chain ->
                                                Certificates.name(chain.getFirst())
                                                        .equals("stranger")))) {
            assertThat(client("stranger").get(server, "localhost")).endsWith("clients: [stranger]");
            assertThatThrownBy(() -> client("client").get(server, "localhost"))
                    .hasMessageContaining("alert: certificate_unknown");
            assertThat(client(null).get(server, "localhost")).endsWith("clients: []");
        }
    }

    @Test
    void aCallbackThatFailsRefuses() throws IOException {
        try (TestServer server =
                start(
                        ClientCertificateMode.ALLOW,
                        options -> {
                            trustAuthority(options);
                            options.clientCertificateValidator(
                                    chain -> {
                                        throw new IllegalStateException("no list of clients");
                                    });
                        })) {
            assertThatThrownBy(() -> client("client").get(server, "localhost"))
                    .hasMessageContaining("fatal alert");
            assertThat(client(null).get(server, "localhost")).endsWith("clients: []");
        }
    }

    @ParameterizedTest
    @CsvSource({"ALLOW", "REQUIRE"})
    void aResumedSessionBringsTheChainAndIsCheckedAgain(ClientCertificateMode mode)
            throws IOException {
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean valid = new AtomicBoolean(true);
        try (TestServer server =
                start(
                        mode,
                        options -> {
                            trustAuthority(options);
                            options.clientCertificateValidator(
                                    chain -> {
                                        calls.incrementAndGet();
                                        return valid.get();
                                    });
                        })) {
            TlsClient client = client("client");
            for (int i = 1; i <= 3; i++) {
                assertThat(client.get(server, "localhost"))
                        .endsWith("clients: [client, authority]");
                assertThat(calls).as("each connection is asked about once").hasValue(i);
            }
            assertThat(client.fullHandshakes()).isEqualTo(1);
            valid.set(false);
            assertThat(answerOrNothing(client, server)).doesNotContain("clients");
            assertThat(client.fullHandshakes()).as("it was resumed").isEqualTo(1);
            assertThat(calls).hasValue(4);
            assertThat(Tls.failedHandshakes(server)).isEqualTo(1);
        }
    }

    private static String answerOrNothing(TlsClient client, TestServer server) {
        try {
            return client.get(server, "localhost");
        } catch (IOException e) {
            return "";
        }
    }

    /** "It is used as it is"; what else is set about clients must not be lost. */
    @Test
    void aContextOfTheProgramDoesNotPassTheOtherOptionsBy() throws Exception {
        ServerCertificate context = ServerCertificate.of(contextThatTrustsAll());
        try (TestServer server =
                start(
                        ClientCertificateMode.REQUIRE,
                        options -> {
                            trustAuthority(options.certificate(context));
                            options.clientCertificateValidator(chain -> chain.size() == 2);
                        })) {
            assertThat(client("client").get(server, "localhost"))
                    .endsWith("clients: [client, authority]");
            assertThat(answerOrNothing(client("stranger"), server)).isEmpty();
            assertThat(answerOrNothing(client("expired"), server)).isEmpty();
        }
    }

    private static SSLContext contextThatTrustsAll() throws GeneralSecurityException, IOException {
        Certificates own = Certificates.of("first");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), PASSWORD, own.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new AnyClient()}, null);
        return context;
    }

    private static final class AnyClient implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
