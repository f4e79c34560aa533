package dev.kestrel.connections.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * What clients get, by the name that they want, for transports that speak TLS themselves (the
 * original's {@code TlsConnectionCallbackOptions}). Safe for use by any thread.
 *
 * <p>Certificates of clients are checked with {@link TlsEngineSettings#clientTrust()}, on whatever
 * thread. A transport that resumes sessions asks it again about the certificate that a session
 * brings along, for the client may not be trusted any more.
 */
public interface TlsHostSelector {

    /**
     * Chooses. Quick, once the certificates are loaded: transports call it for each handshake.
     *
     * @param serverName the name in the ClientHello, in lower case, or {@code null} when the client
     *     gives none
     * @return the certificate and what goes with it; the same object as before while nothing has
     *     changed, so that a transport can keep what it has made of it; or {@code null} to refuse
     *     the client with {@code unrecognized_name}
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

    /**
     * How long a handshake may take, from the client's first packet.
     *
     * @return more than zero
     */
    Duration handshakeTimeout();

    /** A handshake has begun: it is counted. From any thread. */
    void handshakeStarted();

    /**
     * A handshake that has begun is over. Called once for each {@link #handshakeStarted()}, from
     * any thread.
     *
     * @param completed whether there is a connection now
     */
    void handshakeEnded(boolean completed);
}
