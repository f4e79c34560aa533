package dev.kestrel.connections.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * What clients get, by the name that they want, for transports that speak TLS themselves (the
 * original's {@code TlsConnectionCallbackOptions}). Safe for use by any thread.
 */
public interface TlsHostSelector {

    /**
     * Chooses. Quick, once the certificates are loaded: transports call it for each handshake.
     *
     * @param serverName the name in the ClientHello, in lower case, or {@code null} when the client
     *     gives none
     * @return the certificate and what goes with it; the same object as before while nothing has
     *     changed, so that a transport can keep what it has made of it; or {@code null} to refuse
     *     the client
     * @throws IOException when a certificate can not be read
     * @throws GeneralSecurityException when it can not be used
     */
    @Nullable TlsEngineSettings select(@Nullable String serverName)
            throws IOException, GeneralSecurityException;

    /**
     * Whether any client is asked for a certificate.
     *
     * @return the mode of the endpoint, or the strictest of its names
     */
    ClientCertificateMode clientCertificates();
}
