package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a proxy said about a connection, by the PROXY protocol, and what the connection's own
 * addresses are. Present on connections that came with a header; {@link
 * ConnectionContext#remoteAddress()} then answers the client's address.
 *
 * @param version of the header, 1 or 2
 * @param local true when the proxy speaks for itself (a health check): there is no client, and the
 *     connection keeps its own addresses
 * @param datagram true when the client came by datagrams (UDP, QUIC)
 * @param proxyAddress the peer of the connection itself, which is the proxy
 * @param listenAddress this side's address of the connection itself
 * @param clientAddress whom the proxy speaks for; {@code null} when it did not say
 * @param serverAddress the address that the client connected to; {@code null} when the proxy did
 *     not say
 * @param tlvs the extensions, in order, without padding
 * @param ssl what the proxy knows of the client's TLS; {@code null} when it did not say
 */
public record ProxyProtocolFeature(
        int version,
        boolean local,
        boolean datagram,
        @Nullable SocketAddress proxyAddress,
        @Nullable SocketAddress listenAddress,
        @Nullable SocketAddress clientAddress,
        @Nullable SocketAddress serverAddress,
        List<ProxyProtocolTlv> tlvs,
        @Nullable Ssl ssl) {

    /** Copies the list. */
    public ProxyProtocolFeature {
        tlvs = List.copyOf(tlvs);
    }

    /**
     * Finds an extension.
     *
     * @param type its type
     * @return the first of that type, or {@code null}
     */
    public @Nullable ProxyProtocolTlv tlv(int type) {
        return find(tlvs, type);
    }

    /**
     * The host name that the client asked for.
     *
     * @return the name, or {@code null} when the proxy did not say
     */
    public @Nullable String authority() {
        return text(tlvs, ProxyProtocolTlv.AUTHORITY);
    }

    /**
     * The protocol that the proxy and the client agreed on.
     *
     * @return such as {@code h2}, or {@code null} when the proxy did not say
     */
    public @Nullable String alpn() {
        return text(tlvs, ProxyProtocolTlv.ALPN);
    }

    private static @Nullable ProxyProtocolTlv find(List<ProxyProtocolTlv> among, int type) {
        for (ProxyProtocolTlv tlv : among) {
            if (tlv.type() == type) {
                return tlv;
            }
        }
        return null;
    }

    private static @Nullable String text(List<ProxyProtocolTlv> among, int type) {
        ProxyProtocolTlv tlv = find(among, type);
        return tlv == null ? null : new String(tlv.value(), StandardCharsets.UTF_8);
    }

    /**
     * What a proxy knows of the client's TLS.
     *
     * @param client flags: 1 the client came by TLS, 2 it gave a certificate on this connection, 4
     *     it gave one in this TLS session
     * @param verify zero when the client's certificate was verified
     * @param tlvs the extensions
     */
    public record Ssl(int client, long verify, List<ProxyProtocolTlv> tlvs) {

        /** Copies the list. */
        public Ssl {
            tlvs = List.copyOf(tlvs);
        }

        /**
         * Whether the client came by TLS.
         *
         * @return true when it did
         */
        public boolean isTls() {
            return (client & 1) != 0;
        }

        /**
         * Whether the client gave a certificate that was verified.
         *
         * @return true when it did
         */
        public boolean isClientVerified() {
            return (client & 6) != 0 && verify == 0;
        }

        /**
         * The text of an extension.
         *
         * @param type its type, such as {@link ProxyProtocolTlv#SSL_VERSION}
         * @return the text, or {@code null} when there is none
         */
        public @Nullable String text(int type) {
            return ProxyProtocolFeature.text(tlvs, type);
        }
    }
}
