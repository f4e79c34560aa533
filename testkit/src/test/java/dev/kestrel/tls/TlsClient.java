package dev.kestrel.tls;

import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A client that takes any server, shows the certificate that it was given whatever it was asked
 * for, and resumes its sessions. For one thread.
 */
final class TlsClient {

    private final SSLContext context;
    private int fullHandshakes;
    private String shown = "";
    private String version = "";
    private String cipherSuite = "";
    private String applicationProtocol = "";
    private String[] versions = {"TLSv1.3", "TLSv1.2"};
    private String @Nullable [] cipherSuites;
    private String[] applicationProtocols = {"http/1.1"};

    /** Shows nothing. */
    TlsClient() {
        this(null);
    }

    /** Shows one of {@link Certificates}. */
    TlsClient(@Nullable String certificate) {
        KeyManager[] keys =
                certificate == null
                        ? null
                        : new KeyManager[] {new OneKey(Certificates.of(certificate))};
        try {
            context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new AnyServer()}, null);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    TlsClient versions(String... names) {
        versions = names;
        return this;
    }

    TlsClient cipherSuites(String... names) {
        cipherSuites = names;
        return this;
    }

    TlsClient applicationProtocols(String... names) {
        applicationProtocols = names;
        return this;
    }

    SSLEngine engine(@Nullable String serverName) {
        SSLEngine engine =
                context.createSSLEngine(
                        // With a session the JDK sends the name that it began with: one for each.
                        serverName == null ? "none" : serverName, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(
                serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        parameters.setProtocols(versions);
        parameters.setApplicationProtocols(applicationProtocols);
        if (cipherSuites != null) {
            parameters.setCipherSuites(cipherSuites);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Shakes hands. */
    MemoryConnection connect(TestServer server, @Nullable String serverName) throws IOException {
        SSLEngine engine = engine(serverName);
        MemoryConnection connection = server.connectRaw().startTls(engine);
        version = engine.getSession().getProtocol();
        cipherSuite = engine.getSession().getCipherSuite();
        applicationProtocol = engine.getApplicationProtocol();
        X509Certificate peer = (X509Certificate) engine.getSession().getPeerCertificates()[0];
        shown = Certificates.name(peer);
        return connection;
    }

    /** Makes one request and answers with all that comes back. */
    String get(TestServer server, @Nullable String serverName) throws IOException {
        return Tls.get(connect(server, serverName));
    }

    /** Which certificate the server has shown last. */
    String shown() {
        return shown;
    }

    String version() {
        return version;
    }

    String cipherSuite() {
        return cipherSuite;
    }

    String applicationProtocol() {
        return applicationProtocol;
    }

    /** How many handshakes have resumed no session. */
    int fullHandshakes() {
        return fullHandshakes;
    }

    private final class AnyServer extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            fullHandshakes++;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class OneKey extends X509ExtendedKeyManager {

        private final Certificates own;

        OneKey(Certificates own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal[] issuers, SSLEngine engine) {
            return "test";
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "test";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return own.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"test"};
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
