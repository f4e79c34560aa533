/**
 * The server: pipelines, connections, sockets, the HTTP model, the HTTP engines and the front door.
 * It depends on the JDK alone.
 *
 * <p>A program starts at {@code dev.kestrel.server.KestrelServer}; a handler sees {@code
 * dev.kestrel.http}.
 */
module dev.kestrel.core {
    requires static org.jspecify;

    exports dev.kestrel.connections;
    exports dev.kestrel.connections.multiplexed;
    exports dev.kestrel.connections.sockets;
    exports dev.kestrel.connections.tls;
    exports dev.kestrel.http;
    exports dev.kestrel.options;
    exports dev.kestrel.pipelines;
    exports dev.kestrel.server;

    uses dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;
    uses dev.kestrel.connections.tls.TlsEngineProvider;

    // The event loops of a library are guests of loops.
    exports dev.kestrel.internal.loops to
            dev.kestrel.quic;

    // The client of the tests decodes what the server has encoded.
    exports dev.kestrel.internal.hpack to
            dev.kestrel.testkit;
    exports dev.kestrel.internal.qpack to
            dev.kestrel.testkit;
}
