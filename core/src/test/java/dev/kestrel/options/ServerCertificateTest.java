package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.List;

import javax.net.ssl.SSLContext;

/** A description of a certificate names files, and never shows a secret. */
class ServerCertificateTest {

    @Test
    void filesAreNotLookedAtBeforeTheServerStarts() {
        Path none = Path.of("no", "such", "file.pem");
        assertThat(ServerCertificate.pem(none).chain()).isEqualTo(none);
        assertThat(ServerCertificate.pem(none).key()).isEqualTo(none);
        assertThat(ServerCertificate.pkcs12(none, "secret"))
                .isEqualTo(ServerCertificate.keyStore(none, "secret"));
    }

    @Test
    void theTextNamesFilesAndNoPassword() {
        Path chain = Path.of("chain.pem");
        Path key = Path.of("key.pem");
        assertThat(ServerCertificate.pem(chain, key).withPassword("secret"))
                .hasToString("PEM files chain.pem and key.pem");
        assertThat(ServerCertificate.pem(chain).withPassword("secret".toCharArray()))
                .hasToString("PEM file chain.pem");
        ServerCertificate.KeyStoreFile store =
                ServerCertificate.keyStore(Path.of("a.p12"), "secret").withKeyPassword("secret");
        assertThat(store).hasToString("key store a.p12");
        assertThat(store.withAlias("web")).hasToString("key store a.p12, entry web");
    }

    @Test
    void eachWithKeepsTheRest() {
        ServerCertificate.KeyStoreFile store =
                ServerCertificate.keyStore(Path.of("a.p12"), "one")
                        .withAlias("web")
                        .withKeyPassword("two");
        assertThat(store)
                .isEqualTo(
                        new ServerCertificate.KeyStoreFile(Path.of("a.p12"), "one", "two", "web"));
    }

    @Test
    void aChainNeedsACertificate() throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        assertThatThrownBy(() -> ServerCertificate.of(key, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The chain has no certificate: it needs at least the server's own");
    }

    @Test
    void aContextIsNamedByItsProtocol() throws Exception {
        assertThat(ServerCertificate.of(SSLContext.getDefault()))
                .hasToString("SSLContext (Default)");
    }
}
