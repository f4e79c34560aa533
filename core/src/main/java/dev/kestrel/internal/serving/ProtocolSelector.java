package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.internal.http1.Http1Connection;
import dev.kestrel.internal.http2.Http2Connection;
import dev.kestrel.internal.http3.Http3Connection;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpMultiplexedConnectionContext;
import dev.kestrel.internal.protocol.HttpProtocolsFeature;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;

import java.io.IOException;
import java.util.Set;

/** Chooses the HTTP engine of a connection. */
@FunctionalInterface
interface ProtocolSelector {

    /**
     * Makes the engine. On the connection's thread. Does not wait for the client: nobody could end
     * that wait, for timeouts and a stop reach an engine only. What has to see bytes in order to
     * decide is an engine itself, that looks without consuming and passes on to another.
     *
     * @throws IOException when the transport failed meanwhile
     */
    RequestProcessor select(HttpConnectionContext context) throws IOException;

    /**
     * Chooses by what an endpoint speaks: with TLS by what was negotiated, without it by the
     * client's first bytes.
     */
    static ProtocolSelector of(ListenOptions endPoint) {
        ProtocolSelector clear =
                endPoint.protocols().contains(HttpVersion.HTTP_2)
                        ? of(endPoint.protocols(), Http1Connection::new, Http2Connection::new)
                        : ProtocolSelector::http1;
        return context -> {
            TlsConnectionFeature tls =
                    context.connection().features().get(TlsConnectionFeature.class);
            return tls == null
                    ? clear.select(context)
                    : negotiated(context, tls, endPoint.protocols());
        };
    }

    /** The engine itself, or what makes one after each rest. */
    private static RequestProcessor http1(HttpConnectionContext context) {
        return context.rest() == null
                ? new Http1Connection(context)
                : PrefaceProcessor.ofHttp1(context, Http1Connection::new);
    }

    /** RFC 9113 section 3.3: HTTP/2 only by ALPN. Whoever takes no part in that speaks HTTP/1.1. */
    private static RequestProcessor negotiated(
            HttpConnectionContext context, TlsConnectionFeature tls, Set<HttpVersion> ofEndPoint)
            throws IOException {
        HttpProtocolsFeature own = context.connection().features().get(HttpProtocolsFeature.class);
        Set<HttpVersion> versions = own == null ? ofEndPoint : own.protocols();
        if ("h2".equals(tls.applicationProtocol()) && versions.contains(HttpVersion.HTTP_2)) {
            return new Http2Connection(context);
        }
        if (versions.contains(HttpVersion.HTTP_1_1)) {
            return new Http1Connection(context);
        }
        throw new ConnectionAbortedException(
                "The client does not negotiate HTTP/2, and nothing else is spoken here");
    }

    /** Makes the engine of a connection of many streams. */
    static RequestProcessor http3(HttpMultiplexedConnectionContext context) {
        return new Http3Connection(context);
    }

    /** As {@link #of(ListenOptions)}, with engines of one's own. */
    static ProtocolSelector of(
            Set<HttpVersion> versions, ProtocolSelector http1, ProtocolSelector http2) {
        if (!versions.contains(HttpVersion.HTTP_2)) {
            return http1;
        }
        if (!versions.contains(HttpVersion.HTTP_1_1)) {
            return http2;
        }
        return context -> new PrefaceProcessor(context, http1, http2);
    }
}
