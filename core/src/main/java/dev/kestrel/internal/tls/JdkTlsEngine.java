package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsVersion;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** An engine of the JDK. */
final class JdkTlsEngine implements TlsEngine {

    private final SSLEngine engine;

    /** What each engine of a context is set to. */
    record Parameters(
            String[] versions,
            String[] cipherSuites,
            String[] groups,
            String[] applicationProtocols,
            ClientCertificateMode clientCertificates) {

        static Parameters of(
                SSLContext context,
                Set<TlsVersion> versions,
                List<String> cipherSuites,
                List<String> groups,
                List<String> applicationProtocols,
                ClientCertificateMode clientCertificates) {
            SSLParameters known = context.getSupportedSSLParameters();
            return new Parameters(
                    versions.stream().map(TlsVersion::protocol).toArray(String[]::new),
                    common(cipherSuites, known.getCipherSuites()),
                    common(groups, known.getNamedGroups()),
                    applicationProtocols.toArray(String[]::new),
                    clientCertificates);
        }

        /** In the order of the first; an empty result would mean the JDK's own choice. */
        private static String[] common(List<String> wanted, String[] known) {
            List<String> all =
                    Arrays.stream(known).map(each -> each.toLowerCase(Locale.ROOT)).toList();
            String[] common =
                    wanted.stream()
                            .filter(each -> all.contains(each.toLowerCase(Locale.ROOT)))
                            .toArray(String[]::new);
            if (common.length == 0) {
                throw new IllegalArgumentException(
                        "This Java knows none of " + wanted + "; it knows " + all);
            }
            return common;
        }
    }

    JdkTlsEngine(SSLContext context, Parameters settings) {
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.versions);
        parameters.setCipherSuites(settings.cipherSuites);
        parameters.setNamedGroups(settings.groups);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(settings.applicationProtocols);
        switch (settings.clientCertificates) {
            case NONE -> {}
            case ALLOW -> parameters.setWantClientAuth(true);
            case REQUIRE -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
    }

    @Override
    public SSLEngine engine() {
        return engine;
    }

    @Override
    public void close() {
        // The collector has it.
    }
}
