package dev.kestrel.options;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.X509TrustManager;

/**
 * How an endpoint speaks TLS (the original's {@code HttpsConnectionAdapterOptions}). Immutable;
 * made with {@link #builder()} or {@link #of}. Files are read when the server starts.
 */
public final class HttpsOptions {

    /** What is done with a name that no certificate was configured for. */
    public enum UnknownNames {
        /** The endpoint's own certificate is shown. */
        DEFAULT_CERTIFICATE,
        /**
         * The client is refused with the alert {@code unrecognized_name} (RFC 6066 section 3), also
         * one that gives no name.
         */
        REFUSE
    }

    /** What is answered to HTTP in clear text. */
    public enum PlainHttp {
        /** 400 and a line that says what is wrong, in clear text. */
        BAD_REQUEST,
        /** 308 to the same address with {@code https} (RFC 9110 section 15.4.9), in clear text. */
        REDIRECT
    }

    private final @Nullable ServerCertificate certificate;
    private final @Nullable ServerCertificateSelector certificateSelector;
    private final Map<String, SniOptions> names;
    private final UnknownNames unknownNames;
    private final Set<TlsVersion> tlsVersions;
    private final List<String> cipherSuites;
    private final Duration handshakeTimeout;
    private final Duration certificateReloadInterval;
    private final ClientCertificateMode clientCertificateMode;
    private final @Nullable Path clientTrustRoots;
    private final @Nullable X509TrustManager clientTrustManager;
    private final @Nullable ClientCertificateValidator clientCertificateValidator;
    private final @Nullable TlsClientHelloListener clientHelloListener;
    private final PlainHttp plainHttp;
    private final @Nullable String engine;

    HttpsOptions(HttpsOptionsBuilder from) {
        certificate = from.certificate;
        certificateSelector = from.certificateSelector;
        names = Map.copyOf(from.names);
        unknownNames = from.unknownNames;
        tlsVersions = Set.copyOf(from.tlsVersions);
        cipherSuites = List.copyOf(from.cipherSuites);
        handshakeTimeout = from.handshakeTimeout;
        certificateReloadInterval = from.certificateReloadInterval;
        clientCertificateMode = from.clientCertificateMode;
        clientTrustRoots = from.clientTrustRoots;
        clientTrustManager = from.clientTrustManager;
        clientCertificateValidator = from.clientCertificateValidator;
        clientHelloListener = from.clientHelloListener;
        plainHttp = from.plainHttp;
        engine = from.engine;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static HttpsOptionsBuilder builder() {
        return new HttpsOptionsBuilder();
    }

    /**
     * The defaults with a certificate.
     *
     * @param certificate the endpoint's certificate
     * @return options
     */
    public static HttpsOptions of(ServerCertificate certificate) {
        return builder().certificate(certificate).build();
    }

    /**
     * The endpoint's certificate, for clients that want no name that has its own.
     *
     * @return the certificate, or {@code null} when there is none
     */
    public @Nullable ServerCertificate certificate() {
        return certificate;
    }

    /**
     * What chooses the certificate of each connection.
     *
     * @return the selector, or {@code null} when names decide
     */
    public @Nullable ServerCertificateSelector certificateSelector() {
        return certificateSelector;
    }

    /**
     * What holds for names: {@code www.example.org}, or {@code *.example.org} for all names below
     * one.
     *
     * @return by name in lower case
     */
    public Map<String, SniOptions> names() {
        return names;
    }

    /**
     * What is done with a name that is not among {@link #names()}.
     *
     * @return never {@code null}
     */
    public UnknownNames unknownNames() {
        return unknownNames;
    }

    /**
     * The versions of TLS that are spoken.
     *
     * @return at least one
     */
    public Set<TlsVersion> tlsVersions() {
        return tlsVersions;
    }

    /**
     * The cipher suites, by their names at IANA, the best first.
     *
     * @return at least one
     */
    public List<String> cipherSuites() {
        return cipherSuites;
    }

    /**
     * How long a handshake may take.
     *
     * @return more than zero
     */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /**
     * How often the files of certificates are looked at.
     *
     * @return zero when they are read once
     */
    public Duration certificateReloadInterval() {
        return certificateReloadInterval;
    }

    /**
     * Whether clients show a certificate.
     *
     * @return never {@code null}
     */
    public ClientCertificateMode clientCertificateMode() {
        return clientCertificateMode;
    }

    /**
     * The file with the authorities whose clients are trusted.
     *
     * @return a file in PEM, or {@code null}
     */
    public @Nullable Path clientTrustRoots() {
        return clientTrustRoots;
    }

    /**
     * What decides whose clients are trusted, instead of a file.
     *
     * @return the manager, or {@code null}
     */
    public @Nullable X509TrustManager clientTrustManager() {
        return clientTrustManager;
    }

    /**
     * Decides about the certificates of clients in the end.
     *
     * @return the validator, or {@code null} when trust is enough
     */
    public @Nullable ClientCertificateValidator clientCertificateValidator() {
        return clientCertificateValidator;
    }

    /**
     * Sees what clients say first.
     *
     * @return the listener, or {@code null}
     */
    public @Nullable TlsClientHelloListener clientHelloListener() {
        return clientHelloListener;
    }

    /**
     * What is answered to HTTP in clear text.
     *
     * @return never {@code null}
     */
    public PlainHttp plainHttp() {
        return plainHttp;
    }

    /**
     * The engine that does the work.
     *
     * @return the name of a provider, or {@code null} for the best that is there
     */
    public @Nullable String engine() {
        return engine;
    }
}
