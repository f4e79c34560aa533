package dev.kestrel.internal.tls;

import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.TimeProvider;

/** Turns the description of a certificate into one that is ready to be shown. */
public final class CertificateLoader {

    private CertificateLoader() {}

    /**
     * Reads and checks a certificate.
     *
     * @param configurationKey how messages call it, such as {@code https.certificate}
     * @param clock tells whether it has ended
     */
    public static LoadedCertificate load(
            ServerCertificate certificate, String configurationKey, TimeProvider clock)
            throws CertificateLoadException {
        throw new CertificateLoadException("Not yet: " + certificate + configurationKey + clock);
    }
}
