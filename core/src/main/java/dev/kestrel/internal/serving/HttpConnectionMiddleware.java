package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.ConnectionRest;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The end of the pipeline of an endpoint that speaks HTTP.
 *
 * @param services what the server shares
 * @param protocols chooses the engine
 * @param application answers the requests
 * @param alternativeService what {@code Alt-Svc} says on encrypted connections, or {@code null}
 * @param limit for connections that have nothing else before HTTP, or {@code null}
 */
record HttpConnectionMiddleware(
        HttpServices services,
        ProtocolSelector protocols,
        HttpHandler application,
        @Nullable String alternativeService,
        @Nullable ConnectionLimitMiddleware limit)
        implements ConnectionDelegate {

    /** Behind other middleware, that counts on its return. */
    @Override
    public void run(ConnectionContext connection) throws Exception {
        begin(connection, null).processRequests(application);
    }

    /** The pipeline of a connection that has nothing before HTTP: its thread may end meanwhile. */
    ConnectionSource.Pipeline alone(ConnectionContext connection) {
        return new Alone(this, connection);
    }

    private HttpConnection begin(
            ConnectionContext connection, @Nullable ConnectionRestFeature transport)
            throws IOException {
        boolean encrypted = connection.features().get(TlsConnectionFeature.class) != null;
        String scheme = encrypted ? "https" : "http";
        if (encrypted && alternativeService != null) {
            connection
                    .features()
                    .set(
                            AlternativeServiceFeature.class,
                            new AlternativeServiceFeature(alternativeService));
        }
        HttpConnection http = new HttpConnection(connection, services);
        http.begin(
                timeouts -> {
                    ConnectionRest rest =
                            encrypted || transport == null
                                    ? null
                                    : new ConnectionRest(transport, timeouts);
                    return protocols.select(
                            new HttpConnectionContext(
                                    connection, services, timeouts, scheme, rest));
                });
        return http;
    }

    /** One connection. Used by its thread, of which there is one at a time. */
    private static final class Alone implements ConnectionSource.Pipeline {

        private final HttpConnectionMiddleware endPoint;
        private final ConnectionContext connection;
        private @Nullable HttpConnection http;
        private ConnectionLimitMiddleware.@Nullable Place place;

        Alone(HttpConnectionMiddleware endPoint, ConnectionContext connection) {
            this.endPoint = endPoint;
            this.connection = connection;
        }

        @Override
        public boolean run() throws Exception {
            boolean done = true;
            try {
                if (http != null || enter()) {
                    done = http().processRequests(endPoint.application);
                }
            } finally {
                if (done && place != null) {
                    place.releaseConnection();
                }
            }
            return done;
        }

        /** Takes a place; false when there is none. */
        private boolean enter() {
            if (endPoint.limit != null) {
                place = endPoint.limit.enter(connection);
                return place != null;
            }
            return true;
        }

        private HttpConnection http() throws IOException {
            HttpConnection mine = http;
            if (mine == null) {
                ConnectionRestFeature rest = connection.features().get(ConnectionRestFeature.class);
                mine = endPoint.begin(connection, rest);
                http = mine;
            }
            return mine;
        }
    }
}
