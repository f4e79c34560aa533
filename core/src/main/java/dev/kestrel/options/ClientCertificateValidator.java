package dev.kestrel.options;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Decides about the certificate of a client, after it was checked against the trusted roots when
 * there are any (the original's {@code ClientCertificateValidation}). Called for each connection,
 * also for one that resumes a session. On the connection's thread, on many at once, and may block;
 * the handshake's time goes on meanwhile.
 */
@FunctionalInterface
public interface ClientCertificateValidator {

    /**
     * Decides.
     *
     * @param chain the client's certificate first, then those above it
     * @return false to refuse the client
     */
    boolean isValid(List<X509Certificate> chain);
}
