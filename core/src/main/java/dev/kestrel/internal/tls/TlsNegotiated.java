package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What a handshake came to. Immutable. */
record TlsNegotiated(
        TlsVersion version,
        String cipherSuite,
        @Nullable String serverName,
        @Nullable String applicationProtocol,
        List<X509Certificate> clientCertificates)
        implements TlsConnectionFeature {

    /** Asks an engine whose handshake is over. */
    static TlsNegotiated of(SSLEngine engine, @Nullable String serverName) {
        SSLSession session = engine.getSession();
        String protocol = engine.getApplicationProtocol();
        return new TlsNegotiated(
                session.getProtocol().equals(TlsVersion.TLS_1_3.protocol())
                        ? TlsVersion.TLS_1_3
                        : TlsVersion.TLS_1_2,
                session.getCipherSuite(),
                serverName,
                protocol == null || protocol.isEmpty() ? null : protocol,
                clientCertificates(session));
    }

    private static List<X509Certificate> clientCertificates(SSLSession session) {
        Certificate[] chain;
        try {
            chain = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
        return Arrays.stream(chain)
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toList();
    }
}
