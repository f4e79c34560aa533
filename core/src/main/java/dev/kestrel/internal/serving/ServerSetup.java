package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.SniOptions;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a server is made of. Mistakes are found here, before anything is bound.
 *
 * @param options what holds for the whole server
 * @param endPoints where it listens, at least one
 * @param transports the last that can bind an endpoint gets it
 * @param multiplexedTransports those for HTTP/3; when there are none, those that modules bring
 * @param sockets how sockets are set up; what modules bring does the same where it can
 * @param memoryPool where memory comes from
 * @param application answers HTTP requests; may be missing when no endpoint speaks HTTP
 */
public record ServerSetup(
        KestrelServerOptions options,
        List<ListenOptions> endPoints,
        List<ConnectionListenerFactory> transports,
        List<MultiplexedConnectionListenerFactory> multiplexedTransports,
        SocketTransportOptions sockets,
        MemoryPool memoryPool,
        @Nullable HttpHandler application) {

    /** Copies and checks. */
    public ServerSetup {
        endPoints = List.copyOf(endPoints);
        transports = List.copyOf(transports);
        multiplexedTransports = List.copyOf(multiplexedTransports);
        Set<String> seen = new HashSet<>();
        for (ListenOptions endPoint : endPoints) {
            String name = endPoint.endPoint().toString();
            // Port 0 is another port each time.
            if (!name.endsWith(":0") && !seen.add(name)) {
                throw new IllegalArgumentException("The endpoint " + name + " is configured twice");
            }
            if (endPoint.connectionHandler() == null && application == null) {
                throw new IllegalArgumentException(
                        "The endpoint "
                                + name
                                + " speaks HTTP, but there is no handler: set one with handler(...), or give the endpoint a"
                                + " connectionHandler(...)");
            }
            checkHttp3(endPoint);
        }
    }

    /** RFC 9001 section 4.2: QUIC has TLS 1.3 or a later version, always. */
    private static void checkHttp3(ListenOptions endPoint) {
        HttpsOptions https = endPoint.https();
        if (https != null) {
            for (Map.Entry<String, SniOptions> each : https.names().entrySet()) {
                checkHttp3(endPoint, https, each.getKey(), each.getValue());
            }
        }
        if (!MultiplexedTransports.speaksHttp3(endPoint)) {
            return;
        }
        if (https == null) {
            throw new IllegalArgumentException(
                    "The endpoint "
                            + endPoint
                            + " speaks HTTP/3, which is always encrypted: set https(...), or leave"
                            + " HTTP_3 out of protocols(...)");
        }
        if (endPoint.proxyProtocol() != null) {
            throw new IllegalArgumentException(
                    "The endpoint "
                            + endPoint
                            + " takes the PROXY protocol, which HTTP/3 can not carry: leave HTTP_3"
                            + " out of protocols(...), or listen for HTTP/3 elsewhere");
        }
        if (!https.tlsVersions().contains(TlsVersion.TLS_1_3)) {
            throw new IllegalArgumentException(
                    "The endpoint "
                            + endPoint
                            + " speaks HTTP/3, which needs TLS 1.3: add TLS_1_3 to"
                            + " https.tlsVersions, or leave HTTP_3 out of protocols(...)");
        }
    }

    private static void checkHttp3(
            ListenOptions endPoint, HttpsOptions https, String name, SniOptions own) {
        Set<HttpVersion> protocols = own.protocols();
        if (protocols == null || !protocols.contains(HttpVersion.HTTP_3)) {
            return;
        }
        if (!MultiplexedTransports.speaksHttp3(endPoint)) {
            throw new IllegalArgumentException(
                    "https.names."
                            + name
                            + " speaks HTTP/3, and its endpoint "
                            + endPoint
                            + " does not: add HTTP_3 to protocols(...) of the endpoint");
        }
        Set<TlsVersion> versions = own.tlsVersions();
        if (!(versions == null ? https.tlsVersions() : versions).contains(TlsVersion.TLS_1_3)) {
            throw new IllegalArgumentException(
                    "https.names."
                            + name
                            + " (endpoint "
                            + endPoint
                            + ") speaks HTTP/3, which needs TLS 1.3: add TLS_1_3 to its versions");
        }
    }
}
