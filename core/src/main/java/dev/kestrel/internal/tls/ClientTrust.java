package dev.kestrel.internal.tls;

import dev.kestrel.options.ClientCertificateValidator;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Decides about the certificates of clients: first by trust, then by the callback. Safe for use by
 * any thread.
 */
final class ClientTrust extends X509ExtendedTrustManager {

    private final @Nullable X509TrustManager roots;
    private final @Nullable ClientCertificateValidator validator;

    /**
     * Threads in whose handshake a client was found good. A handshake stays on its connection's
     * thread; its engine would not do, for some show an inner one here. Whoever runs a handshake
     * ends this too.
     */
    private final @Nullable Set<Thread> checked;

    private ClientTrust(
            @Nullable X509TrustManager roots,
            @Nullable ClientCertificateValidator validator,
            @Nullable Set<Thread> checked) {
        this.roots = roots;
        this.validator = validator;
        this.checked = checked;
    }

    /** For handshakes that stay on their connection's thread. */
    static ClientTrust byThread(
            @Nullable X509TrustManager roots, @Nullable ClientCertificateValidator validator) {
        return new ClientTrust(roots, validator, ConcurrentHashMap.newKeySet());
    }

    /**
     * The same decisions for handshakes of which many share a thread, as those of QUIC do on an
     * event loop: nothing is remembered.
     */
    ClientTrust forAnyThread() {
        return new ClientTrust(roots, validator, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (roots instanceof X509ExtendedTrustManager extended) {
            extended.checkClientTrusted(chain, type, engine);
        } else if (roots != null) {
            roots.checkClientTrusted(chain, type);
        }
        validate(chain);
        remember();
    }

    boolean hasChecked() {
        return checked != null && checked.contains(Thread.currentThread());
    }

    void forget() {
        if (checked != null) {
            checked.remove(Thread.currentThread());
        }
    }

    private void remember() {
        if (checked != null) {
            checked.add(Thread.currentThread());
        }
    }

    /** Checks outside of a handshake. */
    void check(List<X509Certificate> chain) throws CertificateException {
        String type = chain.getFirst().getPublicKey().getAlgorithm();
        checkClientTrusted(chain.toArray(X509Certificate[]::new), type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        if (roots != null) {
            roots.checkClientTrusted(chain, type);
        }
        validate(chain);
        remember();
    }

    private void validate(X509Certificate[] chain) throws CertificateException {
        if (validator == null) {
            return;
        }
        boolean valid;
        try {
            valid = validator.isValid(List.of(chain));
        } catch (RuntimeException e) {
            throw new CertificateException("The callback for client certificates has failed", e);
        }
        if (!valid) {
            throw new CertificateException("The callback has refused the client's certificate");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("A server meets no servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("A server meets no servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("A server meets no servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return roots == null ? new X509Certificate[0] : roots.getAcceptedIssuers();
    }
}
