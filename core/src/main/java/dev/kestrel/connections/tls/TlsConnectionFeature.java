package dev.kestrel.connections.tls;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What TLS has negotiated for a connection; there when the connection is encrypted, and for each of
 * its requests too (the original's {@code ITlsHandshakeFeature}, {@code ITlsConnectionFeature} and
 * {@code ITlsApplicationProtocolFeature} in one). Safe for use by any thread.
 */
public interface TlsConnectionFeature {

    /**
     * The version of TLS.
     *
     * @return the version
     */
    TlsVersion version();

    /**
     * The cipher suite.
     *
     * @return its name in the registry of IANA, such as {@code TLS_AES_128_GCM_SHA256}
     */
    String cipherSuite();

    /**
     * The name that the client wanted to reach (SNI, RFC 6066 section 3).
     *
     * @return the name in lower case, or {@code null} when the client gave none
     */
    @Nullable String serverName();

    /**
     * What the client speaks inside, as negotiated (ALPN, RFC 7301).
     *
     * @return {@code h2}, {@code http/1.1}, or {@code null} when nothing was negotiated
     */
    @Nullable String applicationProtocol();

    /**
     * What the client has shown of itself and was accepted.
     *
     * @return its certificate first, then those above it; empty when it has shown none
     */
    List<X509Certificate> clientCertificates();

    /**
     * The client's own certificate.
     *
     * @return the certificate, or {@code null} when it has shown none
     */
    default @Nullable X509Certificate clientCertificate() {
        List<X509Certificate> chain = clientCertificates();
        return chain.isEmpty() ? null : chain.getFirst();
    }
}
