package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionBuilder;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionBuilder;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionDelegate;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.tls.HttpsEndPoint;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.ProxyProtocolOptions;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Builds what the connections of an endpoint run through. */
final class EndPointPipelines {

    private final ServerSetup setup;
    private final HttpServices services;
    private final ServerCounters counters;
    private final @Nullable ConnectionLimitMiddleware connectionLimit;

    EndPointPipelines(
            ServerSetup setup,
            HttpServices services,
            ServerCounters counters,
            @Nullable ConnectionLimitMiddleware connectionLimit) {
        this.setup = setup;
        this.services = services;
        this.counters = counters;
        this.connectionLimit = connectionLimit;
    }

    /** For connections of one stream each way. */
    ConnectionDelegate simple(
            ListenOptions endPoint,
            @Nullable HttpsEndPoint encrypted,
            @Nullable String alternativeService) {
        ConnectionBuilder pipeline = new ConnectionBuilder();
        ConnectionDelegate handler = endPoint.connectionHandler();
        if (handler == null
                && encrypted == null
                && endPoint.proxyProtocol() == null
                && endPoint.middleware().isEmpty()) {
            // Nothing that would wait for HTTP to return.
            return http(endPoint, alternativeService, connectionLimit);
        }
        if (connectionLimit != null) {
            pipeline.use(connectionLimit);
        }
        ProxyProtocolOptions proxyProtocol = endPoint.proxyProtocol();
        if (proxyProtocol != null) {
            pipeline.use(
                    new ProxyProtocolMiddleware(
                            proxyProtocol, setup.options(), counters.proxyRejected));
        }
        if (encrypted == null) {
            endPoint.middleware().forEach(pipeline::use);
        } else {
            int position = endPoint.httpsPosition();
            List<ConnectionMiddleware> steps = endPoint.middleware();
            steps.subList(0, position).forEach(pipeline::use);
            pipeline.use(encrypted.middleware());
            steps.subList(position, steps.size()).forEach(pipeline::use);
        }
        return pipeline.build(handler != null ? handler : http(endPoint, alternativeService, null));
    }

    private ConnectionDelegate http(
            ListenOptions endPoint,
            @Nullable String alternativeService,
            @Nullable ConnectionLimitMiddleware limit) {
        return new HttpConnectionMiddleware(
                services,
                ProtocolSelector.of(endPoint),
                application(endPoint),
                alternativeService,
                limit);
    }

    /** For connections of HTTP/3. */
    MultiplexedConnectionDelegate multiplexed(ListenOptions endPoint) {
        MultiplexedConnectionBuilder pipeline = new MultiplexedConnectionBuilder();
        if (connectionLimit != null) {
            pipeline.use(connectionLimit);
        }
        endPoint.multiplexedMiddleware().forEach(pipeline::use);
        return pipeline.build(
                new HttpMultiplexedConnectionMiddleware(
                        services, ProtocolSelector::http3, application(endPoint)));
    }

    private HttpHandler application(ListenOptions endPoint) {
        HttpHandler application = setup.application();
        if (application == null) {
            throw new IllegalStateException(
                    "The endpoint " + endPoint + " speaks HTTP, but there is no handler");
        }
        return application;
    }
}
