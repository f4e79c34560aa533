package dev.kestrel.internal.http2;

import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

/** What HTTP/2 asks of TLS (RFC 9113 section 9.2). */
final class Http2Security {

    private Http2Security() {}

    /**
     * Refuses the suites of TLS 1.2 that Appendix A forbids: all but those with ephemeral keys and
     * authenticated encryption. Those of TLS 1.3 are all good.
     *
     * @param tls what was negotiated, or {@code null} in clear text
     */
    static void require(@Nullable TlsConnectionFeature tls) throws Http2ConnectionException {
        if (tls == null || tls.version() != TlsVersion.TLS_1_2) {
            return;
        }
        String suite = tls.cipherSuite();
        boolean ephemeral = suite.contains("_ECDHE_") || suite.contains("_DHE_");
        boolean authenticated =
                suite.contains("_GCM_") || suite.contains("_CCM") || suite.contains("POLY1305");
        if (!ephemeral || !authenticated) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.INADEQUATE_SECURITY, suite + " is not good enough for HTTP/2");
        }
    }
}
