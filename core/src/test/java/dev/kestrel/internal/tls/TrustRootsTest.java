package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.X509ExtendedTrustManager;

/** Whose clients are trusted is what the file says, and nobody else. */
class TrustRootsTest {

    private static final TestCertificate ONE =
            TestCertificate.named("One").dnsNames().authority().make();
    private static final TestCertificate TWO =
            TestCertificate.named("Two").dnsNames().authority().make();

    @TempDir Path directory;

    private static X509Certificate[] client(TestCertificate issuer) {
        return new X509Certificate[] {
            TestCertificate.named("client")
                    .purposes(TestCertificate.CLIENT_AUTH)
                    .issuedBy(issuer)
                    .make()
                    .certificate()
        };
    }

    @Test
    void clientsOfEachAuthorityInTheFileAreTrustedAndOthersAreNot() throws Exception {
        Path pem =
                Files.writeString(directory.resolve("ca.pem"), "# CAs\n" + ONE.pem() + TWO.pem());
        X509ExtendedTrustManager trust = TrustRoots.load(pem, "https.clientTrustRoots");
        assertThat(trust.getAcceptedIssuers())
                .containsExactlyInAnyOrder(ONE.certificate(), TWO.certificate());
        assertThatCode(() -> trust.checkClientTrusted(client(ONE), "EC"))
                .doesNotThrowAnyException();
        assertThatCode(() -> trust.checkClientTrusted(client(TWO), "EC"))
                .doesNotThrowAnyException();
        TestCertificate namesake = TestCertificate.named("One").dnsNames().authority().make();
        assertThatThrownBy(() -> trust.checkClientTrusted(client(namesake), "EC"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void aFileInDerHoldsOneAuthority() throws Exception {
        Path der = Files.write(directory.resolve("ca.cer"), ONE.der());
        assertThat(TrustRoots.load(der, "https.clientTrustRoots").getAcceptedIssuers())
                .containsExactly(ONE.certificate());
    }

    @Test
    void aFileThatIsNotOneOfAuthoritiesIsRefused() throws Exception {
        Path missing = directory.resolve("none.pem");
        assertThatThrownBy(() -> TrustRoots.load(missing, "https.clientTrustRoots"))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage(
                        "The certificate authorities file "
                                + missing
                                + " of https.clientTrustRoots does not exist: create it, or correct"
                                + " the path.");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        assertThatThrownBy(() -> TrustRoots.load(empty, "https.clientTrustRoots"))
                .hasMessageEndingWith(
                        " is empty: put the certificates of the authorities into it.");
        Path key = Files.writeString(directory.resolve("key.pem"), ONE.keyPem());
        assertThatThrownBy(() -> TrustRoots.load(key, "https.clientTrustRoots"))
                .hasMessage(
                        "The certificate authorities file "
                                + key
                                + " of https.clientTrustRoots holds no certificate: put the"
                                + " certificates of the authorities into it that clients are"
                                + " certified by.");
        Path both = Files.writeString(directory.resolve("both.pem"), ONE.pem() + ONE.keyPem());
        assertThatThrownBy(() -> TrustRoots.load(both, "https.clientTrustRoots"))
                .hasMessage(
                        "The certificate authorities file "
                                + both
                                + " of https.clientTrustRoots holds a private key, which has no"
                                + " business with authorities: take it out, and check that this is"
                                + " the right file.");
    }
}
