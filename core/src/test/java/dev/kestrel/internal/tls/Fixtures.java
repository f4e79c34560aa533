package dev.kestrel.internal.tls;

import dev.kestrel.internal.serving.ManualTime;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.TimeProvider;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The files that OpenSSL made, and how tests load certificates. */
final class Fixtures {

    static final String KEY = "https.certificate";
    static final String PASSWORD = "correct-horse";

    private Fixtures() {}

    static Path file(String name) {
        try {
            return Path.of(Fixtures.class.getResource("/tls/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static LoadedCertificate.KeyAndChain load(ServerCertificate certificate)
            throws CertificateLoadException {
        return load(certificate, new ManualTime());
    }

    static LoadedCertificate.KeyAndChain load(ServerCertificate certificate, TimeProvider clock)
            throws CertificateLoadException {
        return (LoadedCertificate.KeyAndChain) CertificateLoader.load(certificate, KEY, clock);
    }
}
