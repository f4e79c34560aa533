package dev.kestrel.options;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.Set;

/**
 * What holds for one name of an HTTPS endpoint instead of what the endpoint says (the original's
 * {@code SniConfig}). What is {@code null} is as the endpoint has it.
 *
 * @param certificate the certificate for the name
 * @param protocols what is spoken under the name, at least one
 * @param tlsVersions the versions of TLS, at least one
 * @param clientCertificateMode whether clients show a certificate
 */
public record SniOptions(
        @Nullable ServerCertificate certificate,
        @Nullable Set<HttpVersion> protocols,
        @Nullable Set<TlsVersion> tlsVersions,
        @Nullable ClientCertificateMode clientCertificateMode) {

    /** As the endpoint has it. */
    public static final SniOptions NONE = new SniOptions(null, null, null, null);

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException when a set is empty
     */
    public SniOptions {
        if ((protocols != null && protocols.isEmpty())
                || (tlsVersions != null && tlsVersions.isEmpty())) {
            throw new IllegalArgumentException(
                    "A name needs at least one protocol and one version of TLS; leave them null for those of the endpoint");
        }
        protocols = protocols == null ? null : Set.copyOf(protocols);
        tlsVersions = tlsVersions == null ? null : Set.copyOf(tlsVersions);
    }

    /**
     * The same with a certificate.
     *
     * @param value the certificate for the name
     * @return a copy
     */
    public SniOptions withCertificate(ServerCertificate value) {
        return new SniOptions(value, protocols, tlsVersions, clientCertificateMode);
    }

    /**
     * The same with other protocols.
     *
     * @param first a version
     * @param more further versions
     * @return a copy
     */
    public SniOptions withProtocols(HttpVersion first, HttpVersion... more) {
        return new SniOptions(
                certificate, EnumSet.of(first, more), tlsVersions, clientCertificateMode);
    }

    /**
     * The same with other versions of TLS.
     *
     * @param first a version
     * @param more further versions
     * @return a copy
     */
    public SniOptions withTlsVersions(TlsVersion first, TlsVersion... more) {
        return new SniOptions(
                certificate, protocols, EnumSet.of(first, more), clientCertificateMode);
    }

    /**
     * The same with another mode of client certificates.
     *
     * @param value the mode
     * @return a copy
     */
    public SniOptions withClientCertificateMode(ClientCertificateMode value) {
        return new SniOptions(certificate, protocols, tlsVersions, value);
    }
}
