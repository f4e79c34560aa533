package dev.kestrel.options;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.net.ssl.X509TrustManager;

/** Collects {@link HttpsOptions}. Not safe for several threads at once. */
public final class HttpsOptionsBuilder {

    /**
     * Those with forward secrecy and authenticated encryption: all that HTTP/2 may use (RFC 9113
     * section 9.2.2) and no other.
     */
    private static final List<String> SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    @Nullable ServerCertificate certificate;
    @Nullable ServerCertificateSelector certificateSelector;
    final Map<String, SniOptions> names = new HashMap<>();
    HttpsOptions.UnknownNames unknownNames = HttpsOptions.UnknownNames.DEFAULT_CERTIFICATE;
    Set<TlsVersion> tlsVersions = EnumSet.allOf(TlsVersion.class);
    List<String> cipherSuites = SUITES;
    Duration handshakeTimeout = Duration.ofSeconds(10);
    Duration certificateReloadInterval = Duration.ofSeconds(5);
    ClientCertificateMode clientCertificateMode = ClientCertificateMode.NONE;
    @Nullable Path clientTrustRoots;
    @Nullable X509TrustManager clientTrustManager;
    @Nullable ClientCertificateValidator clientCertificateValidator;
    @Nullable TlsClientHelloListener clientHelloListener;
    HttpsOptions.PlainHttp plainHttp = HttpsOptions.PlainHttp.BAD_REQUEST;
    @Nullable String engine;

    HttpsOptionsBuilder() {}

    /**
     * Sets the endpoint's certificate.
     *
     * @param value the certificate
     * @return this
     */
    public HttpsOptionsBuilder certificate(ServerCertificate value) {
        certificate = Objects.requireNonNull(value, "certificate");
        return this;
    }

    /**
     * Has a callback choose the certificate of each connection, instead of {@link #certificate} and
     * {@link #name}.
     *
     * @param value chooses
     * @return this
     */
    public HttpsOptionsBuilder certificateSelector(ServerCertificateSelector value) {
        certificateSelector = Objects.requireNonNull(value, "certificateSelector");
        return this;
    }

    /**
     * Sets what holds for a name instead of what the endpoint has.
     *
     * @param name a host name; {@code *.example.org} stands for every name below {@code
     *     example.org}, and the longest that fits counts
     * @param options what differs
     * @return this
     * @throws IllegalArgumentException when it is no host name
     */
    public HttpsOptionsBuilder name(String name, SniOptions options) {
        String lower = name.toLowerCase(Locale.ROOT);
        String host = lower.startsWith("*.") ? lower.substring(2) : lower;
        if (!host.matches("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?") || host.contains("..")) {
            throw new IllegalArgumentException(
                    "https.names: '"
                            + name
                            + "' is neither a host name such as www.example.org nor a pattern such as"
                            + " *.example.org");
        }
        names.put(lower, Objects.requireNonNull(options, "options"));
        return this;
    }

    /**
     * Sets the certificate for a name.
     *
     * @param name as for {@link #name(String, SniOptions)}
     * @param value the certificate
     * @return this
     */
    public HttpsOptionsBuilder name(String name, ServerCertificate value) {
        return name(name, SniOptions.NONE.withCertificate(value));
    }

    /**
     * Sets what is done with a name that was not configured. Default: the endpoint's certificate is
     * shown.
     *
     * @param value what is done
     * @return this
     */
    public HttpsOptionsBuilder unknownNames(HttpsOptions.UnknownNames value) {
        unknownNames = Objects.requireNonNull(value, "unknownNames");
        return this;
    }

    /**
     * Sets the versions of TLS. Default: 1.3 and 1.2.
     *
     * @param first a version
     * @param more further versions
     * @return this
     */
    public HttpsOptionsBuilder tlsVersions(TlsVersion first, TlsVersion... more) {
        tlsVersions = EnumSet.of(first, more);
        return this;
    }

    /**
     * Sets the cipher suites. Default: those of TLS 1.3, and of TLS 1.2 those with ECDHE and
     * AES-GCM or ChaCha20. With others HTTP/2 is refused (RFC 9113 section 9.2.2). Each version has
     * suites of its own, and the list is for all.
     *
     * @param value names at IANA, the best first
     * @return this
     * @throws IllegalArgumentException when there are none
     */
    public HttpsOptionsBuilder cipherSuites(List<String> value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("https.cipherSuites needs at least one suite");
        }
        cipherSuites = List.copyOf(value);
        return this;
    }

    /**
     * Sets how long a handshake may take, from the first byte that is waited for. Default: 10 s.
     *
     * @param value more than zero
     * @return this
     * @throws IllegalArgumentException when it is zero or less
     */
    public HttpsOptionsBuilder handshakeTimeout(Duration value) {
        Objects.requireNonNull(value, "handshakeTimeout");
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "https.handshakeTimeout must be longer than zero, not " + value);
        }
        handshakeTimeout = value;
        return this;
    }

    /**
     * Sets how often the files of certificates are looked at. New connections get what has changed,
     * others go on. Default: 5 s.
     *
     * @param value whole seconds; zero to read files once
     * @return this
     * @throws IllegalArgumentException when it is negative, or not zero and less than a second
     */
    public HttpsOptionsBuilder certificateReloadInterval(Duration value) {
        Objects.requireNonNull(value, "certificateReloadInterval");
        if (value.isNegative() || (!value.isZero() && value.toSeconds() < 1)) {
            throw new IllegalArgumentException(
                    "https.certificateReloadInterval must be zero, or one second or more, not "
                            + value);
        }
        certificateReloadInterval = value;
        return this;
    }

    /**
     * Sets whether clients show a certificate. Default: they do not.
     *
     * @param value the mode
     * @return this
     */
    public HttpsOptionsBuilder clientCertificateMode(ClientCertificateMode value) {
        clientCertificateMode = Objects.requireNonNull(value, "clientCertificateMode");
        return this;
    }

    /**
     * Trusts clients whose certificates come from the authorities in a file.
     *
     * @param pem certificates in PEM; read when the server starts
     * @return this
     */
    public HttpsOptionsBuilder clientTrustRoots(Path pem) {
        clientTrustRoots = Objects.requireNonNull(pem, "clientTrustRoots");
        return this;
    }

    /**
     * Has a trust manager decide about the certificates of clients, instead of {@link
     * #clientTrustRoots}.
     *
     * @param value decides
     * @return this
     */
    public HttpsOptionsBuilder clientTrustManager(X509TrustManager value) {
        clientTrustManager = Objects.requireNonNull(value, "clientTrustManager");
        return this;
    }

    /**
     * Has a callback decide about the certificates of clients that are trusted; without {@link
     * #clientTrustRoots} and {@link #clientTrustManager} about all of them.
     *
     * @param value decides
     * @return this
     */
    public HttpsOptionsBuilder clientCertificateValidator(ClientCertificateValidator value) {
        clientCertificateValidator = Objects.requireNonNull(value, "clientCertificateValidator");
        return this;
    }

    /**
     * Has a listener see what clients say first.
     *
     * @param value the listener
     * @return this
     */
    public HttpsOptionsBuilder clientHelloListener(TlsClientHelloListener value) {
        clientHelloListener = Objects.requireNonNull(value, "clientHelloListener");
        return this;
    }

    /**
     * Sets what is answered to HTTP in clear text. Default: 400.
     *
     * @param value what is answered
     * @return this
     */
    public HttpsOptionsBuilder plainHttp(HttpsOptions.PlainHttp value) {
        plainHttp = Objects.requireNonNull(value, "plainHttp");
        return this;
    }

    /**
     * Sets the engine that does the work. Default: the best that is there.
     *
     * @param name the name of a provider: {@code jdk}, or one that a module brings
     * @return this
     */
    public HttpsOptionsBuilder engine(String name) {
        engine = Objects.requireNonNull(name, "engine");
        return this;
    }

    /**
     * Makes the options.
     *
     * @return an immutable object
     * @throws IllegalArgumentException when there is no certificate, or what is set contradicts
     *     itself
     */
    public HttpsOptions build() {
        boolean selected = certificateSelector != null;
        if (selected && (certificate != null || !names.isEmpty())) {
            throw new IllegalArgumentException(
                    "https: certificateSelector(...) chooses every certificate; remove it, or"
                            + " certificate(...) and name(...)");
        }
        if (!selected && certificate == null) {
            requireCertificates();
        }
        requireSuites();
        requireTrust();
        return new HttpsOptions(this);
    }

    private void requireCertificates() {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "https needs a certificate: set one with certificate(...), such as"
                            + " ServerCertificate.pem(chain, key)");
        }
        names.forEach(
                (name, options) -> {
                    if (options.certificate() == null) {
                        throw new IllegalArgumentException(
                                "https.names: "
                                        + name
                                        + " has no certificate, and the endpoint has none: set one for the name, or for all with"
                                        + " certificate(...)");
                    }
                });
        if (unknownNames == HttpsOptions.UnknownNames.DEFAULT_CERTIFICATE) {
            throw new IllegalArgumentException(
                    "https: names that are not configured have no certificate: set one with"
                            + " certificate(...), or unknownNames(REFUSE)");
        }
    }

    /** Clients must not get an older version only because a list was written for that one. */
    private void requireSuites() {
        boolean wanted =
                tlsVersions.contains(TlsVersion.TLS_1_3)
                        || names.values().stream()
                                .map(SniOptions::tlsVersions)
                                .anyMatch(own -> own != null && own.contains(TlsVersion.TLS_1_3));
        // Names of TLS 1.3 say nothing of keys: TLS_AES_128_GCM_SHA256.
        if (wanted && cipherSuites.stream().allMatch(suite -> suite.contains("_WITH_"))) {
            throw new IllegalArgumentException(
                    "https.cipherSuites has none for TLS 1.3: add one, such as TLS_AES_128_GCM_SHA256,"
                            + " or leave that version out with tlsVersions(TLS_1_2)");
        }
    }

    private void requireTrust() {
        if (clientTrustRoots != null && clientTrustManager != null) {
            throw new IllegalArgumentException(
                    "https: clientTrustRoots(...) and clientTrustManager(...) exclude each other");
        }
        boolean asks =
                clientCertificateMode != ClientCertificateMode.NONE
                        || names.values().stream()
                                .map(SniOptions::clientCertificateMode)
                                .anyMatch(
                                        mode -> mode != null && mode != ClientCertificateMode.NONE);
        boolean decides =
                clientTrustRoots != null
                        || clientTrustManager != null
                        || clientCertificateValidator != null;
        if (asks && !decides) {
            throw new IllegalArgumentException(
                    "https: clients are asked for certificates, but nothing says which are trusted: set"
                            + " clientTrustRoots(...), clientTrustManager(...) or"
                            + " clientCertificateValidator(...)");
        }
    }
}
