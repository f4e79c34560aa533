package dev.kestrel.options;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.tls.TlsClientHello;

/**
 * Sees what a client said first, before it is answered (the original's {@code
 * UseTlsClientHelloListener}): to count it, to fingerprint it, or to abort the connection. Called
 * on the connection's thread, on many at once.
 */
@FunctionalInterface
public interface TlsClientHelloListener {

    /**
     * A client has said hello.
     *
     * @param connection the connection; {@link ConnectionContext#abort} refuses it
     * @param hello what the client said
     */
    void helloReceived(ConnectionContext connection, TlsClientHello hello);
}
