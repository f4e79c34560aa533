package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsClientHello;
import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsEngineFactory;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.HttpVersion;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * What clients get that want a certain name: a certificate and what goes with it. Engines are made
 * from the certificate that is current; clients that came before keep theirs. Safe for use by any
 * thread.
 */
final class TlsHost {

    /** Those that nobody advises against, the fastest first. */
    private static final List<String> GROUPS =
            List.of("x25519mlkem768", "x25519", "secp256r1", "secp384r1");

    /** What is the same for all names of an endpoint. */
    record Common(TlsEngineProvider provider, List<String> cipherSuites, ClientTrust clientTrust) {}

    private record Ready(LoadedCertificate certificate, TlsEngineFactory factory) {}

    private record ReadyForQuic(LoadedCertificate certificate, TlsEngineSettings settings) {}

    private final Common common;
    private final CertificateWatcher certificate;
    private final Set<HttpVersion> protocols;
    private final Set<TlsVersion> versions;
    private final ClientCertificateMode clientCertificates;
    private final List<String> applicationProtocols;
    private volatile @Nullable Ready ready;
    private volatile @Nullable ReadyForQuic readyForQuic;

    /**
     * Prepares engines.
     *
     * @param protocols what is spoken inside; empty when that is no HTTP
     */
    TlsHost(
            Common common,
            CertificateWatcher certificate,
            Set<HttpVersion> protocols,
            Set<TlsVersion> versions,
            ClientCertificateMode clientCertificates)
            throws GeneralSecurityException {
        this.common = common;
        this.certificate = certificate;
        this.protocols = protocols;
        this.versions = versions;
        this.clientCertificates = clientCertificates;
        applicationProtocols = new ArrayList<>();
        if (protocols.contains(HttpVersion.HTTP_2)) {
            applicationProtocols.add("h2");
        }
        if (protocols.contains(HttpVersion.HTTP_1_1)) {
            applicationProtocols.add("http/1.1");
        }
        ready();
    }

    Set<HttpVersion> protocols() {
        return protocols;
    }

    /** Whether the client offers protocols to speak inside, and none that is spoken here. */
    boolean speaksNoneOf(TlsClientHello hello) {
        List<String> offered = hello.applicationProtocols();
        return !offered.isEmpty()
                && !applicationProtocols.isEmpty()
                && Collections.disjoint(offered, applicationProtocols);
    }

    /** Makes an engine for a new connection. */
    TlsEngine newEngine() throws GeneralSecurityException {
        return ready().factory.create();
    }

    /**
     * Checks the certificates of a client that the handshake did not: it has resumed a session, or
     * the engine comes from a context that knows by itself whom it trusts. On the connection's
     * thread.
     *
     * @throws SSLException when the client is not trusted, or not any more
     */
    void checkClient(List<X509Certificate> chain) throws SSLException {
        if (!chain.isEmpty() && !common.clientTrust.hasChecked()) {
            try {
                common.clientTrust.check(chain);
            } catch (CertificateException e) {
                throw new SSLHandshakeException(
                        "The client's certificate is not trusted: " + e.getMessage(), e);
            }
        }
    }

    /** The handshake is over, in whatever way. On the connection's thread. */
    void forgetClient() {
        common.clientTrust.forget();
    }

    /**
     * What QUIC needs for a new connection: the same object while the certificate is the same.
     *
     * @return {@code null} when HTTP/3 is not spoken under this name
     * @throws GeneralSecurityException when the certificate is one that QUIC can not use
     */
    @Nullable TlsEngineSettings forQuic() throws GeneralSecurityException {
        if (!protocols.contains(HttpVersion.HTTP_3) || !versions.contains(TlsVersion.TLS_1_3)) {
            return null;
        }
        ReadyForQuic now = readyForQuic;
        LoadedCertificate current = certificate.current();
        if (now == null || now.certificate != current) {
            if (!(current instanceof LoadedCertificate.KeyAndChain pair)) {
                throw new GeneralSecurityException(
                        "HTTP/3 needs the private key and the certificates, and can not use a ready"
                                + " SSLContext: configure files or a key store, or leave HTTP_3 out"
                                + " of protocols");
            }
            // RFC 9001 section 4.2: "Clients MUST NOT offer TLS versions older than 1.3."
            now =
                    new ReadyForQuic(
                            current,
                            settings(
                                    pair,
                                    Set.of(TlsVersion.TLS_1_3),
                                    List.of("h3"),
                                    common.clientTrust.forAnyThread()));
            readyForQuic = now;
        }
        return now.settings;
    }

    ClientCertificateMode clientCertificates() {
        return clientCertificates;
    }

    /** Looks for new files. On a thread that may wait for them. */
    void check() {
        certificate.check();
    }

    private Ready ready() throws GeneralSecurityException {
        Ready now = ready;
        LoadedCertificate current = certificate.current();
        if (now == null || now.certificate != current) {
            // Two at once do it twice, which does no harm.
            now = new Ready(current, prepare(current));
            ready = now;
        }
        return now;
    }

    private TlsEngineFactory prepare(LoadedCertificate current) throws GeneralSecurityException {
        return current instanceof LoadedCertificate.KeyAndChain pair
                ? common.provider.prepare(
                        settings(pair, versions, applicationProtocols, common.clientTrust))
                : JdkTlsEngineProvider.over(
                        ((LoadedCertificate.Context) current).context(),
                        versions,
                        common.cipherSuites,
                        GROUPS,
                        applicationProtocols,
                        clientCertificates);
    }

    private TlsEngineSettings settings(
            LoadedCertificate.KeyAndChain pair,
            Set<TlsVersion> spoken,
            List<String> inside,
            ClientTrust trust) {
        return new TlsEngineSettings(
                pair.key(),
                pair.chain(),
                spoken,
                common.cipherSuites,
                GROUPS,
                inside,
                clientCertificates,
                clientCertificates == ClientCertificateMode.NONE ? null : trust);
    }
}
