package dev.kestrel.options;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.tls.TlsClientHello;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate of a connection (the original's {@code ServerCertificateSelector}).
 * Called on the connection's thread, on many at once, and may block; the handshake's time goes on
 * meanwhile. For HTTP/3 it is called by the loop that moves the packets of many connections, which
 * all wait until it answers: it must do so at once, and wait for no lock that a handler holds for
 * longer.
 */
@FunctionalInterface
public interface ServerCertificateSelector {

    /**
     * Chooses. Answer the same object for the same certificate: what is made from it is kept with
     * it, the sessions that clients can resume too.
     *
     * @param connection the connection, or {@code null} for HTTP/3, where there is none before the
     *     handshake is over
     * @param hello what the client said first; for HTTP/3 its name alone is known
     * @return the certificate, or {@code null} to refuse the client
     */
    @Nullable ServerCertificate select(
            @Nullable ConnectionContext connection, TlsClientHello hello);
}
