package dev.kestrel.quic;

import io.netty.handler.codec.quic.QuicSslContext;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the loops of a listener share; safe for use by any thread.
 *
 * @param settings what holds for connections
 * @param hosts what clients get, by name
 * @param tls what handshakes begin with
 * @param handshakes counts them
 * @param tokens prove addresses
 * @param acceptor where connections wait that are ready
 * @param connections those that were given out or wait
 */
record Shared(
        TransportSettings settings,
        TlsHosts hosts,
        QuicSslContext tls,
        Handshakes handshakes,
        RetryTokens tokens,
        ConnectionAcceptor acceptor,
        Set<QuicConnection> connections) {

    static Shared make(TransportSettings settings, TlsHosts hosts) {
        Handshakes handshakes = new Handshakes(hosts.selector());
        QuicTransportOptions options = settings.options();
        return new Shared(
                settings,
                hosts,
                hosts.outer(),
                handshakes,
                new RetryTokens(handshakes, options, System::currentTimeMillis),
                new ConnectionAcceptor(options.backlog()),
                ConcurrentHashMap.newKeySet());
    }
}
