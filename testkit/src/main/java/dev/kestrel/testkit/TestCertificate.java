package dev.kestrel.testkit;

import dev.kestrel.options.ServerCertificate;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code localhost}, {@code example.org}, {@code 127.0.0.1} and {@code ::1}, and
 * a client that trusts it. Its key is known to everybody: for tests alone.
 */
public final class TestCertificate {

    private static final char[] PASSWORD = "kestrel".toCharArray();
    private static final String ALIAS = "test";
    private static final KeyStore STORE = load();

    /** One for all tests, so that clients resume sessions. */
    private static final SSLContext CLIENT = makeClient();

    private TestCertificate() {}

    /**
     * What a server shows.
     *
     * @return a certificate for {@code HttpsOptions}
     */
    public static ServerCertificate server() {
        try {
            PrivateKey key = (PrivateKey) STORE.getKey(ALIAS, PASSWORD);
            return ServerCertificate.of(key, List.of(certificate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The certificate of the tests can not be read", e);
        }
    }

    /**
     * The certificate alone.
     *
     * @return a certificate that signs itself
     */
    public static X509Certificate certificate() {
        try {
            Certificate certificate = STORE.getCertificate(ALIAS);
            return (X509Certificate) certificate;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The certificate of the tests can not be read", e);
        }
    }

    /**
     * What clients are made from that trust the certificate and no other.
     *
     * @return always the same context
     */
    public static SSLContext client() {
        return CLIENT;
    }

    private static KeyStore load() {
        try (InputStream file = TestCertificate.class.getResourceAsStream("localhost.p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("The certificate of the tests can not be read", e);
        }
    }

    private static SSLContext makeClient() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, certificate());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("The client of the tests can not be made", e);
        }
    }
}
