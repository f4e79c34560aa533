package dev.kestrel.quic;

import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.List;

/** What a handshake has negotiated; QUIC is always TLS 1.3 (RFC 9001 section 4.2). */
record NegotiatedTls(
        TlsVersion version,
        String cipherSuite,
        @Nullable String serverName,
        @Nullable String applicationProtocol,
        List<X509Certificate> clientCertificates)
        implements TlsConnectionFeature {}
