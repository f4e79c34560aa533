/**
 * The QUIC transport, by quiche and BoringSSL through Netty. A program needs no more than to have
 * this module: core finds it, and serves HTTP/3 with it where its native library can be loaded.
 */
module dev.kestrel.quic {
    requires transitive dev.kestrel.core;
    requires io.netty.buffer;
    requires io.netty.codec.classes.quic;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires static org.jspecify;

    exports dev.kestrel.quic;

    provides dev.kestrel.connections.multiplexed.MultiplexedTransportProvider with
            dev.kestrel.quic.QuicTransportProvider;
}
