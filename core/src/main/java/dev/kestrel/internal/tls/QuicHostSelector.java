package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsClientHello;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.HttpsOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/**
 * What clients of QUIC get on an endpoint: the certificates that it has for TLS over TCP, with TLS
 * 1.3 and HTTP/3 alone. Safe for use by any thread.
 */
final class QuicHostSelector implements TlsHostSelector {

    private final SniOptionsSelector hosts;
    private final TlsCounters counters;
    private final Duration handshakeTimeout;
    private final ClientCertificateMode clientCertificates;

    /**
     * Makes everything ready.
     *
     * @throws GeneralSecurityException when a certificate is one that QUIC can not use
     */
    QuicHostSelector(HttpsOptions options, SniOptionsSelector hosts, TlsCounters counters)
            throws GeneralSecurityException {
        this.hosts = hosts;
        this.counters = counters;
        handshakeTimeout = options.handshakeTimeout();
        ClientCertificateMode strictest = options.clientCertificateMode();
        for (TlsHost host : hosts.configured()) {
            if (host.forQuic() != null && host.clientCertificates().compareTo(strictest) > 0) {
                strictest = host.clientCertificates();
            }
        }
        clientCertificates = strictest;
    }

    @Override
    public @Nullable TlsEngineSettings select(@Nullable String serverName)
            throws IOException, GeneralSecurityException {
        TlsClientHello hello =
                new TlsClientHello(
                        serverName,
                        List.of("h3"),
                        List.of(TlsVersion.TLS_1_3.number()),
                        List.of(),
                        new byte[0]);
        TlsHost host = hosts.select(null, hello);
        return host == null ? null : host.forQuic();
    }

    @Override
    public ClientCertificateMode clientCertificates() {
        return clientCertificates;
    }

    @Override
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    @Override
    public void handshakeStarted() {
        counters.started();
    }

    @Override
    public void handshakeEnded(boolean completed) {
        counters.ended(completed);
    }
}
