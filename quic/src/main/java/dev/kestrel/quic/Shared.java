package dev.kestrel.quic;

import io.netty.handler.codec.quic.QuicSslContext;

/**
 * What the loops of a listener share; safe for use by any thread.
 *
 * @param settings what holds for connections
 * @param hosts what clients get, by name
 * @param trust decides about clients' certificates
 * @param tls what handshakes begin with
 * @param handshakes counts them
 * @param tokens prove addresses
 * @param acceptor where connections wait that are ready
 */
record Shared(
        TransportSettings settings,
        TlsHosts hosts,
        ClientTrust trust,
        QuicSslContext tls,
        Handshakes handshakes,
        RetryTokens tokens,
        ConnectionAcceptor acceptor) {

    static Shared make(TransportSettings settings, TlsHosts hosts) {
        ClientTrust trust = new ClientTrust();
        Handshakes handshakes = new Handshakes(hosts.selector());
        QuicTransportOptions options = settings.options();
        return new Shared(
                settings,
                hosts,
                trust,
                hosts.outer(trust),
                handshakes,
                new RetryTokens(handshakes, options, System::currentTimeMillis),
                new ConnectionAcceptor(options.backlog()));
    }
}
