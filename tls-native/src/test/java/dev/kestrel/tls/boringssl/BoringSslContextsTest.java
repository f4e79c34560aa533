package dev.kestrel.tls.boringssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** What core wants in the words of BoringSSL. */
@Timeout(60)
class BoringSslContextsTest {

    private static final BoringSslEngineProvider PROVIDER = new BoringSslEngineProvider();
    private static final Set<TlsVersion> BOTH = EnumSet.allOf(TlsVersion.class);

    private static SSLEngine clientWithGroup(String group) {
        SSLEngine client = Handshakes.client(0);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setNamedGroups(new String[] {group});
        client.setSSLParameters(parameters);
        return client;
    }

    /** "Those that an engine does not know are left out." */
    @Test
    void groupsThatAreNotKnownAreLeftOut() throws GeneralSecurityException, IOException {
        List<String> groups = List.of("ffdhe2048", "x25519mlkem768", "secp256r1", "secp384r1");
        try (TlsEngine engine =
                PROVIDER.prepare(Handshakes.settings(BOTH, Handshakes.SUITES, groups)).create()) {
            new Handshakes().run(clientWithGroup("secp384r1"), engine.engine());
        }
        try (TlsEngine engine =
                PROVIDER.prepare(Handshakes.settings(BOTH, Handshakes.SUITES, groups)).create()) {
            assertThatThrownBy(
                            () -> new Handshakes().run(clientWithGroup("x25519"), engine.engine()))
                    .hasMessageContaining("handshake_failure");
        }
    }

    @Test
    void noneOfTheGroupsIsKnown() throws GeneralSecurityException, IOException {
        var settings = Handshakes.settings(BOTH, Handshakes.SUITES, List.of("ffdhe2048"));
        assertThatThrownBy(() -> PROVIDER.prepare(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ffdhe2048");
    }

    /** BoringSSL has all suites of TLS 1.3 or none: it would use more than it was told. */
    @Test
    void suitesOfTls13CanNotBeLeftOut() throws GeneralSecurityException, IOException {
        var settings =
                Handshakes.settings(BOTH, List.of("TLS_AES_256_GCM_SHA384"), List.of("x25519"));
        assertThatThrownBy(() -> PROVIDER.prepare(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("engine(\"jdk\")");
    }

    @Test
    void suitesThatAreNotKnownAreLeftOut() throws GeneralSecurityException, IOException {
        var settings =
                Handshakes.settings(
                        EnumSet.of(TlsVersion.TLS_1_2),
                        List.of(
                                "TLS_NO_SUCH_SUITE",
                                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
                        List.of("x25519"));
        try (TlsEngine engine = PROVIDER.prepare(settings).create()) {
            SSLEngine client = Handshakes.client(0);
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            new Handshakes().run(client, engine.engine());
            assertThat(client.getSession().getCipherSuite())
                    .as("the server's preference")
                    .isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
            assertThat(engine.engine().getSession().getCipherSuite())
                    .isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        }
    }

    @Test
    void noneOfTheSuitesIsKnown() throws GeneralSecurityException, IOException {
        var settings =
                Handshakes.settings(
                        EnumSet.of(TlsVersion.TLS_1_2),
                        List.of("TLS_NO_SUCH_SUITE"),
                        List.of("x25519"));
        assertThatThrownBy(() -> PROVIDER.prepare(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS_NO_SUCH_SUITE");
    }
}
