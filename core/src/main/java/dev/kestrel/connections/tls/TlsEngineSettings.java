package dev.kestrel.connections.tls;

import org.jspecify.annotations.Nullable;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import javax.net.ssl.X509TrustManager;

/**
 * What engines are made from: one certificate and what goes with it.
 *
 * @param key the server's private key
 * @param chain the server's certificate first, then those above it
 * @param versions what may be spoken, at least one
 * @param cipherSuites what may be used, by their names at IANA, the best first; those that an
 *     engine does not know are left out
 * @param groups what keys may be exchanged with, by their names at IANA in lower case, the best
 *     first; those that an engine does not know are left out
 * @param applicationProtocols what is offered by ALPN, the best first; empty for no ALPN
 * @param clientCertificates whether clients are asked for a certificate
 * @param clientTrust what decides about clients' certificates, or {@code null} when none are asked
 *     for
 */
public record TlsEngineSettings(
        PrivateKey key,
        List<X509Certificate> chain,
        Set<TlsVersion> versions,
        List<String> cipherSuites,
        List<String> groups,
        List<String> applicationProtocols,
        ClientCertificateMode clientCertificates,
        @Nullable X509TrustManager clientTrust) {

    /** Copies the collections. */
    public TlsEngineSettings {
        chain = List.copyOf(chain);
        versions = Set.copyOf(versions);
        cipherSuites = List.copyOf(cipherSuites);
        groups = List.copyOf(groups);
        applicationProtocols = List.copyOf(applicationProtocols);
    }

    @Override
    public String toString() {
        return "TlsEngineSettings[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
