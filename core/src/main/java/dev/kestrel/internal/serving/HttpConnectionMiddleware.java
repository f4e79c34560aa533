package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;

/**
 * The end of the pipeline of an endpoint that speaks HTTP.
 *
 * @param services what the server shares
 * @param protocols chooses the engine
 * @param application answers the requests
 */
record HttpConnectionMiddleware(
        HttpServices services, ProtocolSelector protocols, HttpHandler application)
        implements ConnectionDelegate {

    @Override
    public void run(ConnectionContext connection) throws Exception {
        String scheme =
                connection.features().get(TlsConnectionFeature.class) == null ? "http" : "https";
        new HttpConnection(
                        connection,
                        services,
                        timeouts ->
                                protocols.select(
                                        new HttpConnectionContext(
                                                connection, services, timeouts, scheme)))
                .processRequests(application);
    }
}
