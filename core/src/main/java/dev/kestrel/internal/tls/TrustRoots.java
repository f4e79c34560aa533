package dev.kestrel.internal.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The authorities whose clients are trusted. */
public final class TrustRoots {

    private TrustRoots() {}

    /**
     * Reads certificates of authorities. A client is trusted when a path leads from its certificate
     * to one of them (RFC 5280 section 6); the roots that the JDK brings play no part.
     *
     * @param pem a file with one or more certificates
     * @param configurationKey how messages call it, such as {@code
     *     https.clientCertificateAuthorities}
     */
    public static X509ExtendedTrustManager load(Path pem, String configurationKey)
            throws CertificateLoadException {
        FileContent content =
                FileContent.of(
                        CertificateFile.read(CertificateFile.AUTHORITIES, pem, configurationKey));
        if (content.certificates().isEmpty()) {
            throw content.file()
                    .problem(
                            "holds no certificate: put the certificates of the authorities into"
                                    + " it that clients are certified by.");
        }
        if (!content.privateKeys().isEmpty()) {
            throw content.file()
                    .problem(
                            "holds a private key, which has no business with authorities: take it"
                                    + " out, and check that this is the right file.");
        }
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            int number = 0;
            for (X509Certificate certificate : content.certificates()) {
                roots.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(roots);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Every JDK has PKIX and key stores in memory", e);
        }
        throw new IllegalStateException("PKIX has no trust manager for X.509");
    }
}
