package dev.kestrel.connections.multiplexed;

import dev.kestrel.connections.tls.TlsHostSelector;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A transport for multiplexed connections, such as QUIC (the original's {@code
 * IMultiplexedConnectionListenerFactory}).
 */
public interface MultiplexedConnectionListenerFactory {

    /**
     * Whether this transport knows this kind of endpoint.
     *
     * @param endPoint where to listen
     * @return true when {@link #bind} may be called with it
     */
    boolean canBind(SocketAddress endPoint);

    /**
     * Binds an endpoint.
     *
     * @param endPoint where to listen
     * @param hosts what clients get, by the name that they want
     * @param limits how much clients may send and open
     * @return a listener that the caller owns
     * @throws IOException when the address is in use, not allowed or does not exist, or the
     *     certificate can not be used; the message names it
     */
    MultiplexedConnectionListener bind(
            SocketAddress endPoint, TlsHostSelector hosts, MultiplexedLimits limits)
            throws IOException;
}
