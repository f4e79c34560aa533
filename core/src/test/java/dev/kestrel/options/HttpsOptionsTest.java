package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/** What the options of HTTPS do not let pass. */
class HttpsOptionsTest {

    private static final String SUITE_OF_TLS_1_2 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    private static HttpsOptionsBuilder builder() {
        return HttpsOptions.builder().certificate(ServerCertificate.pem(Path.of("server.pem")));
    }

    /** A list that was written for TLS 1.2 would turn TLS 1.3 off, and nobody would see it. */
    @Test
    void suitesOfTls12AloneDoNotTurnTls13Off() {
        HttpsOptionsBuilder builder = builder().cipherSuites(List.of(SUITE_OF_TLS_1_2));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https.cipherSuites")
                .hasMessageContaining("TLS 1.3");
        assertThat(builder.tlsVersions(TlsVersion.TLS_1_2).build().cipherSuites())
                .containsExactly(SUITE_OF_TLS_1_2);
        builder.name("a.example", SniOptions.NONE.withTlsVersions(TlsVersion.TLS_1_3));
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsAreNotAskedForCertificatesThatNobodyDecidesAbout() {
        assertThatThrownBy(builder().clientCertificateMode(ClientCertificateMode.REQUIRE)::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing says which are trusted");
        SniOptions own = SniOptions.NONE.withClientCertificateMode(ClientCertificateMode.ALLOW);
        assertThatThrownBy(builder().name("a.example", own)::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing says which are trusted");
    }

    @Test
    void noCertificateAtAll() {
        assertThatThrownBy(HttpsOptions.builder()::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https needs a certificate");
    }
}
