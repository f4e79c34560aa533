package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineFactory;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The engine that comes with the JDK. */
public final class JdkTlsEngineProvider implements TlsEngineProvider {

    /**
     * What sessions that clients can resume without tickets may take of the heap: some megabytes.
     */
    private static final int SESSIONS = 2000;

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
        KeyManager[] keys = {new ServerKeyManager(settings.key(), settings.chain())};
        context.init(keys, managers, null);
        context.getServerSessionContext().setSessionCacheSize(SESSIONS);
        return over(
                context,
                settings.versions(),
                settings.cipherSuites(),
                settings.groups(),
                settings.applicationProtocols(),
                settings.clientCertificates());
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
