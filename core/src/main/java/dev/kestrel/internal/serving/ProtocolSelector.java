package dev.kestrel.internal.serving;

import dev.kestrel.internal.http1.Http1Connection;
import dev.kestrel.internal.http2.Http2Connection;
import dev.kestrel.internal.protocol.HttpConnectionContext;
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

    /** Chooses by what an endpoint speaks, and by the client's first bytes when that is both. */
    static ProtocolSelector of(ListenOptions endPoint) {
        return of(endPoint.protocols(), Http1Connection::new, Http2Connection::new);
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
