package dev.kestrel.options;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.tls.TlsClientHello;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate of a connection (the original's {@code ServerCertificateSelector}).
 * Called on the connection's thread, on many at once, and may block; the handshake's time goes on
 * meanwhile.
 */
@FunctionalInterface
public interface ServerCertificateSelector {

    /**
     * Chooses. Answer the same object for the same certificate: what is made from it is kept with
     * it, the sessions that clients can resume too.
     *
     * @param connection the connection
     * @param hello what the client said first
     * @return the certificate, or {@code null} to refuse the client
     */
    @Nullable ServerCertificate select(ConnectionContext connection, TlsClientHello hello);
}
