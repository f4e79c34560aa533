package dev.kestrel.tls.boringssl;

import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/** Puts what core wants into the words of BoringSSL. */
final class BoringSslContexts {

    /** As the JDK's engine: for clients that resume TLS 1.2 without tickets. */
    private static final int SESSIONS = 2000;

    /** As the JDK's engine. */
    private static final Duration SESSION_LIFE = Duration.ofDays(1);

    /** RFC 8446 section 9.1 and appendix B.4: what BoringSSL has of them, and always uses. */
    private static final Set<String> TLS_1_3_SUITES =
            Set.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /** By their names at IANA. */
    private static final Map<String, String> GROUPS =
            Map.of(
                    "x25519mlkem768", "X25519MLKEM768",
                    "x25519", "X25519",
                    "secp256r1", "P-256",
                    "secp384r1", "P-384",
                    "secp521r1", "P-521");

    private BoringSslContexts() {}

    /** Makes a context; who gets it gives it back. */
    static SslContext make(TlsEngineSettings settings) throws GeneralSecurityException {
        try {
            SslContext context =
                    SslContextBuilder.forServer(
                                    settings.key(),
                                    settings.chain().toArray(X509Certificate[]::new))
                            .sslProvider(SslProvider.OPENSSL_REFCNT)
                            .protocols(
                                    settings.versions().stream().map(TlsVersion::protocol).toList())
                            .ciphers(suites(settings), IdentityCipherSuiteFilter.INSTANCE)
                            .option(OpenSslContextOption.GROUPS, groups(settings.groups()))
                            .applicationProtocolConfig(alpn(settings.applicationProtocols()))
                            .clientAuth(
                                    switch (settings.clientCertificates()) {
                                        case NONE -> ClientAuth.NONE;
                                        case ALLOW -> ClientAuth.OPTIONAL;
                                        case REQUIRE -> ClientAuth.REQUIRE;
                                    })
                            .trustManager(trust(settings))
                            .sessionCacheSize(SESSIONS)
                            .sessionTimeout(SESSION_LIFE.toSeconds())
                            .build();
            // Netty has tickets off. None of our own switches them on with keys that BoringSSL
            // makes and changes every two days.
            ((OpenSslSessionContext) context.sessionContext()).setTicketKeys();
            return context;
        } catch (SSLException e) {
            throw new GeneralSecurityException(
                    "BoringSSL can not use the key or the settings: "
                            + BoringSslEngineProvider.reason(e),
                    e);
        }
    }

    /** BoringSSL does not let anybody choose among those of TLS 1.3. */
    private static List<String> suites(TlsEngineSettings settings) {
        Set<String> known = OpenSsl.availableJavaCipherSuites();
        List<String> suites = settings.cipherSuites().stream().filter(known::contains).toList();
        List<String> modern = suites.stream().filter(TLS_1_3_SUITES::contains).toList();
        if (settings.versions().contains(TlsVersion.TLS_1_3)
                && modern.size() < TLS_1_3_SUITES.size()) {
            throw new IllegalArgumentException(
                    "https.cipherSuites: BoringSSL always offers "
                            + TLS_1_3_SUITES.stream().sorted().toList()
                            + " with TLS 1.3, not only "
                            + modern
                            + "; name all three, or use engine(\"jdk\")");
        }
        if (settings.versions().contains(TlsVersion.TLS_1_2) && suites.size() == modern.size()) {
            throw new IllegalArgumentException(
                    "https.cipherSuites: BoringSSL knows none of "
                            + settings.cipherSuites()
                            + " for TLS 1.2");
        }
        return suites;
    }

    private static String[] groups(List<String> wanted) {
        String[] groups =
                wanted.stream().map(GROUPS::get).filter(Objects::nonNull).toArray(String[]::new);
        if (groups.length == 0) {
            throw new IllegalArgumentException("BoringSSL knows none of the groups " + wanted);
        }
        return groups;
    }

    /** Netty's engine knows no way to refuse; core refuses who offers none of them. */
    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        new ArrayList<>(protocols));
    }

    /** Without one Netty would trust every authority that the JDK knows. */
    private static X509TrustManager trust(TlsEngineSettings settings) {
        X509TrustManager trust = settings.clientTrust();
        return trust == null ? new NoTrust() : trust;
    }
}
