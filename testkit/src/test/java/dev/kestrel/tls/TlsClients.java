package dev.kestrel.tls;

import dev.kestrel.testkit.TestCertificate;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Clients that remember their sessions and count how often they were shown the server's
 * certificate, which is not shown when a session is resumed.
 */
final class TlsClients {

    private static final char[] PASSWORD = "kestrel".toCharArray();

    final AtomicInteger certificatesSeen = new AtomicInteger();
    private final SSLContext context;

    private TlsClients(boolean withCertificate) {
        try {
            context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(), PASSWORD);
            context.init(
                    withCertificate ? keys.getKeyManagers() : null,
                    new TrustManager[] {new Counting(certificatesSeen)},
                    null);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TlsClients withoutCertificate() {
        return new TlsClients(false);
    }

    /** Their certificate is that of the server. */
    static TlsClients withCertificate() {
        return new TlsClients(true);
    }

    private static KeyStore store() throws IOException, GeneralSecurityException {
        try (InputStream file = TestCertificate.class.getResourceAsStream("localhost.p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD);
            return store;
        }
    }

    SSLEngine engine(String version, String... applicationProtocols) {
        SSLEngine engine = context.createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(applicationProtocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static final class Counting extends X509ExtendedTrustManager {

        private final AtomicInteger seen;

        Counting(AtomicInteger seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            seen.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            seen.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            seen.incrementAndGet();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
