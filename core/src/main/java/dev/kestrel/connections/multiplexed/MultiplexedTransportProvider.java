package dev.kestrel.connections.multiplexed;

import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

/**
 * Brings a transport for multiplexed connections to a server that was given none; found by {@link
 * java.util.ServiceLoader}.
 */
public interface MultiplexedTransportProvider {

    /**
     * The name in logs.
     *
     * @return a short word in lower case, such as {@code quic}
     */
    String name();

    /**
     * Why it does not work on this machine.
     *
     * @return a sentence for whoever runs the server, such as that a native library is missing, or
     *     {@code null} when it works
     */
    @Nullable String unavailable();

    /**
     * Makes the transport.
     *
     * @param pool where the memory of its connections comes from
     * @param sockets how the server's sockets are set up: a transport that can have the same
     *     threads, and as many loops, does
     * @return a transport for one server
     */
    MultiplexedConnectionListenerFactory create(MemoryPool pool, SocketTransportOptions sockets);
}
