package dev.kestrel.internal.serving;

import dev.kestrel.connections.ProxyProtocolFeature;
import dev.kestrel.connections.ProxyProtocolTlv;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.List;

/**
 * A PROXY header as it was sent.
 *
 * @param length how many bytes it has
 * @param version 1 or 2
 * @param local the proxy speaks for itself
 * @param datagram the client came by datagrams
 * @param client whom the proxy speaks for, if it said so
 * @param server what that client connected to, if it said so
 * @param tlvs the extensions but padding
 * @param ssl what was in the SSL extension
 */
record ProxyHeader(
        int length,
        int version,
        boolean local,
        boolean datagram,
        @Nullable SocketAddress client,
        @Nullable SocketAddress server,
        List<ProxyProtocolTlv> tlvs,
        ProxyProtocolFeature.@Nullable Ssl ssl) {

    /** A header that gives no addresses: the connection's own hold. */
    static ProxyHeader withoutAddresses(int length, int version, boolean local) {
        return new ProxyHeader(length, version, local, false, null, null, List.of(), null);
    }
}
