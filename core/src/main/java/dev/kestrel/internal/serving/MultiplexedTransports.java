package dev.kestrel.internal.serving;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Who can carry HTTP/3: the transports that the server was given, or else those that modules bring
 * and that work here. For one thread at a time.
 */
final class MultiplexedTransports {

    private static final System.Logger LOG =
            System.getLogger(MultiplexedTransports.class.getName());

    private final List<MultiplexedConnectionListenerFactory> transports;

    /** Why those that were found do not work, or that there are none. */
    private final String missing;

    private MultiplexedTransports(
            List<MultiplexedConnectionListenerFactory> transports, String missing) {
        this.transports = transports;
        this.missing = missing;
    }

    /**
     * Looks for them; modules are not even loaded when no endpoint speaks HTTP/3.
     *
     * @throws IOException when an endpoint that speaks HTTP/3 alone has no transport
     */
    static MultiplexedTransports find(
            List<MultiplexedConnectionListenerFactory> given,
            List<ListenOptions> endPoints,
            MemoryPool pool,
            SocketTransportOptions sockets)
            throws IOException {
        List<ListenOptions> asking =
                endPoints.stream().filter(MultiplexedTransports::speaksHttp3).toList();
        MultiplexedTransports found =
                given.isEmpty() && !asking.isEmpty()
                        ? ofModules(pool, sockets)
                        : new MultiplexedTransports(given, "the transports given can not bind it");
        for (ListenOptions endPoint : asking) {
            if (found.forEndPoint(concrete(endPoint.endPoint())) == null) {
                found.tell(endPoint);
            }
        }
        return found;
    }

    static boolean speaksHttp3(ListenOptions endPoint) {
        return endPoint.connectionHandler() == null
                && endPoint.protocols().contains(HttpVersion.HTTP_3);
    }

    private static MultiplexedTransports ofModules(
            MemoryPool pool, SocketTransportOptions sockets) {
        List<MultiplexedConnectionListenerFactory> transports = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        try {
            for (MultiplexedTransportProvider each :
                    ServiceLoader.load(
                            MultiplexedTransportProvider.class,
                            MultiplexedTransportProvider.class.getClassLoader())) {
                String reason = each.unavailable();
                if (reason == null) {
                    transports.add(each.create(pool, sockets));
                } else {
                    reasons.add(
                            "the transport '" + each.name() + "' does not work here: " + reason);
                }
            }
        } catch (ServiceConfigurationError e) {
            LOG.log(Level.WARNING, "A transport for HTTP/3 could not be loaded", e);
        }
        return new MultiplexedTransports(
                transports,
                reasons.isEmpty()
                        ? "there is no transport for it; add the module kestrel-quic"
                        : String.join("; ", reasons));
    }

    private void tell(ListenOptions endPoint) throws IOException {
        if (endPoint.protocols().size() == 1) {
            throw new IOException(
                    "The endpoint "
                            + endPoint
                            + " speaks HTTP/3 alone, and can not be served: "
                            + missing);
        }
        LOG.log(
                Level.WARNING,
                "HTTP/3 is not served on "
                        + endPoint
                        + ", only the other protocols: "
                        + missing
                        + ". Leave HTTP_3 out of protocols(...) to do without");
    }

    /** The last that can bind an address, or {@code null}. */
    @Nullable MultiplexedConnectionListenerFactory forEndPoint(SocketAddress endPoint) {
        for (MultiplexedConnectionListenerFactory each : transports.reversed()) {
            if (each.canBind(endPoint)) {
                return each;
            }
        }
        return null;
    }

    private static SocketAddress concrete(SocketAddress endPoint) {
        return switch (endPoint) {
            case LocalhostEndPoint local ->
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), local.port());
            case AnyIpEndPoint any -> new InetSocketAddress(any.port());
            default -> endPoint;
        };
    }
}
