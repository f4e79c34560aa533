package dev.kestrel.tls;

import dev.kestrel.options.ServerCertificate;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * Certificates that OpenSSL made, valid from 2020 to 2120: {@code first}, {@code second}, {@code
 * third} and {@code rsa} for servers; {@code client} and {@code expired} (in 2021) for clients,
 * from one authority; {@code stranger} from nobody.
 *
 * @param key the private key
 * @param chain the certificate, and that of the authority when there is one
 */
record Certificates(PrivateKey key, List<X509Certificate> chain) {

    private static final char[] PASSWORD = "kestrel".toCharArray();

    static Certificates of(String name) {
        try (InputStream file = Certificates.class.getResourceAsStream("/tls/" + name + ".p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD);
            return new Certificates(
                    (PrivateKey) store.getKey("test", PASSWORD),
                    Arrays.stream(store.getCertificateChain("test"))
                            .map(X509Certificate.class::cast)
                            .toList());
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static ServerCertificate server(String name) {
        Certificates own = of(name);
        return ServerCertificate.of(own.key, own.chain);
    }

    /** The authority of the clients. */
    static Path authority() {
        try {
            return Path.of(Certificates.class.getResource("/tls/authority.pem").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** What a certificate is called here. */
    static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
    }
}
