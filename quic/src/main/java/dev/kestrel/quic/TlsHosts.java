package dev.kestrel.quic;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.connections.tls.TlsVersion;

import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the server has chosen for its names, in the words of BoringSSL. A context is made once for
 * the settings of a name; a reload brings other settings, and the context of the old ones goes with
 * them. Safe for use by any thread.
 */
final class TlsHosts {

    private static final System.Logger LOG = System.getLogger(QuicTransport.class.getName());

    /** By their names at IANA. */
    private static final Map<String, String> GROUPS =
            Map.of(
                    "x25519mlkem768", "X25519MLKEM768",
                    "x25519", "X25519",
                    "secp256r1", "P-256",
                    "secp384r1", "P-384",
                    "secp521r1", "P-521");

    private final TlsHostSelector selector;
    private final Map<Identity, QuicSslContext> contexts = new HashMap<>();
    private final ReferenceQueue<TlsEngineSettings> gone = new ReferenceQueue<>();

    TlsHosts(TlsHostSelector selector) {
        this.selector = selector;
    }

    TlsHostSelector selector() {
        return selector;
    }

    private ClientAuth asked() {
        return selector.clientCertificates() == ClientCertificateMode.NONE
                ? ClientAuth.NONE
                : ClientAuth.OPTIONAL;
    }

    /** Makes the context of clients that name no host, so that a start fails where it can not. */
    void prepare() throws IOException, GeneralSecurityException {
        TlsEngineSettings settings = selector.select(null);
        if (settings != null) {
            context(settings);
        }
    }

    /**
     * Makes what handshakes begin with, before the name is known.
     *
     * <p>Client certificates are asked for here or nowhere: the contexts of the names have no say
     * in it. Whether a name needs one is checked once the handshake is over.
     */
    QuicSslContext outer() {
        return QuicSslContextBuilder.forServer(new NoKeys(), null)
                .sni(this::context)
                .applicationProtocols("h3")
                .trustManager(new ClientTrust())
                .clientAuth(asked())
                .build();
    }

    /** What was chosen for a name; {@code null} to refuse the client. */
    @Nullable TlsEngineSettings settings(@Nullable String name) {
        try {
            return selector.select(name == null ? null : name.toLowerCase(Locale.ROOT));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.log(Level.WARNING, "No certificate can be used for " + name, e);
            return null;
        }
    }

    private @Nullable QuicSslContext context(@Nullable String name) {
        TlsEngineSettings settings = settings(name);
        if (settings == null) {
            return null;
        }
        try {
            return context(settings);
        } catch (GeneralSecurityException e) {
            LOG.log(Level.WARNING, "QUIC can not use the certificate for " + name, e);
            return null;
        }
    }

    private synchronized QuicSslContext context(TlsEngineSettings settings)
            throws GeneralSecurityException {
        for (Object key = gone.poll(); key != null; key = gone.poll()) {
            contexts.remove(key);
        }
        Identity key = new Identity(settings, gone);
        QuicSslContext context = contexts.get(key);
        if (context == null) {
            context = make(settings);
            contexts.put(key, context);
        }
        return context;
    }

    private QuicSslContext make(TlsEngineSettings settings) throws GeneralSecurityException {
        if (!settings.versions().contains(TlsVersion.TLS_1_3)) {
            throw new GeneralSecurityException("QUIC needs TLS 1.3, which is not allowed");
        }
        try {
            return QuicSslContextBuilder.forServer(
                            settings.key(), null, settings.chain().toArray(X509Certificate[]::new))
                    .applicationProtocols(settings.applicationProtocols().toArray(String[]::new))
                    .option(BoringSSLContextOption.GROUPS, groups(settings.groups()))
                    .trustManager(new ClientTrust())
                    .clientAuth(asked())
                    .build();
        } catch (RuntimeException e) {
            throw new GeneralSecurityException("BoringSSL can not use the key or settings", e);
        }
    }

    private static String[] groups(List<String> wanted) {
        String[] groups =
                wanted.stream().map(GROUPS::get).filter(Objects::nonNull).toArray(String[]::new);
        if (groups.length == 0) {
            throw new IllegalArgumentException("BoringSSL knows none of the groups " + wanted);
        }
        return groups;
    }

    /** Settings by what they are, not by what they say; does not keep them. */
    private static final class Identity extends WeakReference<TlsEngineSettings> {

        private final int hash;

        Identity(TlsEngineSettings settings, ReferenceQueue<TlsEngineSettings> gone) {
            super(settings, gone);
            hash = System.identityHashCode(settings);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            TlsEngineSettings settings = get();
            return settings != null && other instanceof Identity that && that.get() == settings;
        }
    }
}
