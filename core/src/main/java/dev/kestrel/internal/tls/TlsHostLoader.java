package dev.kestrel.internal.tls;

import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.SniOptions;
import dev.kestrel.options.TimeProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;

import javax.net.ssl.X509TrustManager;

/** Makes what the clients of a name get, from the options of an endpoint and of the name. */
final class TlsHostLoader {

    private final HttpsOptions options;
    private final Set<HttpVersion> protocols;
    private final String endPoint;
    private final TimeProvider time;
    private final TlsHost.Common common;

    /**
     * Takes what is common to all names.
     *
     * @param protocols what the endpoint speaks; empty when that is no HTTP
     * @param endPoint how messages call it
     */
    TlsHostLoader(
            HttpsOptions options, Set<HttpVersion> protocols, String endPoint, TimeProvider time)
            throws IOException {
        this.options = options;
        this.protocols = protocols;
        this.endPoint = endPoint;
        this.time = time;
        Path roots = options.clientTrustRoots();
        X509TrustManager trusted =
                roots == null
                        ? options.clientTrustManager()
                        : TrustRoots.load(roots, key("https.clientTrustRoots"));
        common =
                new TlsHost.Common(
                        TlsEngineProviders.find(options.engine()),
                        options.cipherSuites(),
                        ClientTrust.byThread(trusted, options.clientCertificateValidator()));
    }

    private String key(String name) {
        return name + " (endpoint " + endPoint + ")";
    }

    String engineName() {
        return common.provider().name();
    }

    /** Loads a certificate. */
    TlsHost load(ServerCertificate certificate, String name, SniOptions own)
            throws IOException, GeneralSecurityException {
        return new TlsHost(
                common,
                CertificateWatcher.open(certificate, key(name), time),
                protocols.isEmpty() ? protocols : or(own.protocols(), protocols),
                or(own.tlsVersions(), options.tlsVersions()),
                or(own.clientCertificateMode(), options.clientCertificateMode()));
    }

    private static <T> T or(@Nullable T own, T ofEndPoint) {
        return own != null ? own : ofEndPoint;
    }
}
