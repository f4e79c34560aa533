package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineFactory;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The engine that comes with the JDK. */
public final class JdkTlsEngineProvider implements TlsEngineProvider {

    /**
     * What sessions that clients can resume without tickets may take of the heap: some megabytes.
     */
    private static final int SESSIONS = 2000;

    private static final char[] NO_PASSWORD = {};

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public TlsEngineFactory prepare(TlsEngineSettings settings) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        X509TrustManager trust = settings.clientTrust();
        // None at all is an empty list: otherwise the JDK trusts every authority that it knows.
        TrustManager[] managers = trust == null ? new TrustManager[0] : new TrustManager[] {trust};
        context.init(keyManagers(settings), managers, null);
        context.getServerSessionContext().setSessionCacheSize(SESSIONS);
        return over(
                context,
                settings.versions(),
                settings.cipherSuites(),
                settings.groups(),
                settings.applicationProtocols(),
                settings.clientCertificates());
    }

    private static KeyManager @Nullable [] keyManagers(TlsEngineSettings settings)
            throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        store.setKeyEntry(
                "server",
                settings.key(),
                NO_PASSWORD,
                settings.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Engines of a context that is set up already. */
    static TlsEngineFactory over(
            SSLContext context,
            Set<TlsVersion> versions,
            List<String> cipherSuites,
            List<String> groups,
            List<String> applicationProtocols,
            ClientCertificateMode clientCertificates) {
        JdkTlsEngine.Parameters parameters =
                JdkTlsEngine.Parameters.of(
                        context,
                        versions,
                        cipherSuites,
                        groups,
                        applicationProtocols,
                        clientCertificates);
        return () -> new JdkTlsEngine(context, parameters);
    }
}
