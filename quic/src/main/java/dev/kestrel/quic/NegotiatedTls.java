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
        implements TlsConnectionFeature {

    /** The name at IANA of a suite, by BoringSSL's. */
    static String suite(String name) {
        return switch (name) {
            case "AEAD-AES128-GCM-SHA256" -> "TLS_AES_128_GCM_SHA256";
            case "AEAD-AES256-GCM-SHA384" -> "TLS_AES_256_GCM_SHA384";
            case "AEAD-CHACHA20-POLY1305-SHA256" -> "TLS_CHACHA20_POLY1305_SHA256";
            default -> name;
        };
    }
}
