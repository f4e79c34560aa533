package dev.kestrel.connections;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A transport. Of the factories registered with a server, the last one that {@linkplain #canBind
 * can bind} an endpoint gets it (the original's {@code IConnectionListenerFactorySelector}).
 */
public interface ConnectionListenerFactory {

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
     * @return a listener that the caller owns
     * @throws IOException when the address is in use, not allowed or does not exist; the message
     *     names it
     */
    ConnectionListener bind(SocketAddress endPoint) throws IOException;
}
