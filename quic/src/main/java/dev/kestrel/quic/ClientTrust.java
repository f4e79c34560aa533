package dev.kestrel.quic;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Passes a client's certificate to what decides for the name that the client wants. Safe for use by
 * any thread.
 */
final class ClientTrust extends X509ExtendedTrustManager {

    /** The handshakes that are under way. */
    private final Map<SSLEngine, Handshake> handshakes = new ConcurrentHashMap<>();

    void add(SSLEngine engine, Handshake handshake) {
        handshakes.put(engine, handshake);
    }

    void remove(SSLEngine engine) {
        handshakes.remove(engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        Handshake handshake = handshakes.get(engine);
        if (handshake == null) {
            throw new CertificateException("The handshake is over");
        }
        check(handshake.settings(), chain, type);
        handshake.certificateWasChecked();
    }

    /** Asks what decides for a name. */
    static void check(TlsEngineSettings settings, X509Certificate[] chain, String type)
            throws CertificateException {
        if (settings.clientCertificates() == ClientCertificateMode.NONE) {
            // Another name of the endpoint asks for them; here nobody looks at it.
            return;
        }
        X509TrustManager trust = settings.clientTrust();
        if (trust == null) {
            throw new CertificateException("Nothing was said about which clients to trust");
        }
        trust.checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("QUIC has no socket of its own");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("The handshake is not known");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, type);
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
