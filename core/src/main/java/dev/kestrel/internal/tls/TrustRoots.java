package dev.kestrel.internal.tls;

import java.nio.file.Path;

import javax.net.ssl.X509ExtendedTrustManager;

/** The authorities whose clients are trusted. */
public final class TrustRoots {

    private TrustRoots() {}

    /**
     * Reads certificates of authorities.
     *
     * @param pem a file with one or more certificates
     * @param configurationKey how messages call it, such as {@code
     *     https.clientCertificateAuthorities}
     */
    public static X509ExtendedTrustManager load(Path pem, String configurationKey)
            throws CertificateLoadException {
        throw new CertificateLoadException("Not yet: " + pem + configurationKey);
    }
}
