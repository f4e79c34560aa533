package dev.kestrel.internal.serving;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionDelegate;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.HttpMultiplexedConnectionContext;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;

import java.util.function.Function;

/**
 * The end of the pipeline of multiplexed connections.
 *
 * @param services what the server shares
 * @param engines makes the engine of a connection
 * @param application answers the requests
 */
record HttpMultiplexedConnectionMiddleware(
        HttpServices services,
        Function<HttpMultiplexedConnectionContext, RequestProcessor> engines,
        HttpHandler application)
        implements MultiplexedConnectionDelegate {

    @Override
    public void run(MultiplexedConnectionContext connection) throws Exception {
        HttpConnection http = new HttpConnection(connection, services);
        http.begin(
                timeouts ->
                        engines.apply(
                                new HttpMultiplexedConnectionContext(
                                        connection, services, timeouts, "https")));
        http.processRequests(application);
    }
}
