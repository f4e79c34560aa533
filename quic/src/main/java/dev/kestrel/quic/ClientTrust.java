package dev.kestrel.quic;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.X509TrustManager;

/**
 * Decides about clients' certificates. During the handshake, which runs on a loop, BoringSSL proves
 * that the client has the key and every certificate is let through; whether it is trusted is asked
 * before the connection is given out, on a thread that may wait for an answer. That is also when a
 * resumed session has brought one along.
 */
final class ClientTrust implements X509TrustManager {

    /** Asks what decides for a name; says what is wrong, or {@code null}. */
    static @Nullable String problemWith(TlsEngineSettings settings, X509Certificate[] chain) {
        if (settings.clientCertificates() == ClientCertificateMode.NONE) {
            // Another name of the endpoint asks for them; here nobody looks at it.
            return null;
        }
        X509TrustManager trust = settings.clientTrust();
        if (trust == null) {
            return "Nothing was said about which clients to trust";
        }
        try {
            trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return null;
        } catch (CertificateException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        // Decided later.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("A server meets no servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
