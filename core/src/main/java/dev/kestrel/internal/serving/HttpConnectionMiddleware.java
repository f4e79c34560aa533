package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;

import org.jspecify.annotations.Nullable;

/**
 * The end of the pipeline of an endpoint that speaks HTTP.
 *
 * @param services what the server shares
 * @param protocols chooses the engine
 * @param application answers the requests
 * @param alternativeService what {@code Alt-Svc} says on encrypted connections, or {@code null}
 */
record HttpConnectionMiddleware(
        HttpServices services,
        ProtocolSelector protocols,
        HttpHandler application,
        @Nullable String alternativeService)
        implements ConnectionDelegate {

    @Override
    public void run(ConnectionContext connection) throws Exception {
        boolean encrypted = connection.features().get(TlsConnectionFeature.class) != null;
        String scheme = encrypted ? "https" : "http";
        if (encrypted && alternativeService != null) {
            connection
                    .features()
                    .set(
                            AlternativeServiceFeature.class,
                            new AlternativeServiceFeature(alternativeService));
        }
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
