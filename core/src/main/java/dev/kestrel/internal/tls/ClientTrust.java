package dev.kestrel.internal.tls;

import dev.kestrel.options.ClientCertificateValidator;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Decides about the certificates of clients: first by trust, then by the callback. */
final class ClientTrust extends X509ExtendedTrustManager {

    private final @Nullable X509TrustManager roots;
    private final @Nullable ClientCertificateValidator validator;

    ClientTrust(@Nullable X509TrustManager roots, @Nullable ClientCertificateValidator validator) {
        this.roots = roots;
        this.validator = validator;
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
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        if (roots != null) {
            roots.checkClientTrusted(chain, type);
        }
        validate(chain);
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
