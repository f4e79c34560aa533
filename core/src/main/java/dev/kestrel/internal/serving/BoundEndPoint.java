package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.options.ListenOptions;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * An address that is bound and does not accept yet: by one listener, or for HTTP/3 by two with the
 * same number of a port.
 *
 * @param options the endpoint that it came from
 * @param listener {@code null} when the endpoint speaks HTTP/3 alone
 * @param multiplexed {@code null} when it does not speak HTTP/3
 */
record BoundEndPoint(
        ListenOptions options,
        @Nullable ConnectionListener listener,
        @Nullable MultiplexedConnectionListener multiplexed) {

    /** Where it is. */
    SocketAddress endPoint() {
        return listener != null
                ? listener.endPoint()
                : Objects.requireNonNull(multiplexed).endPoint();
    }

    /** What {@code Alt-Svc} says of it (RFC 7838 section 3), or {@code null} without HTTP/3. */
    @Nullable String alternativeService() {
        if (multiplexed == null || options.disableAltSvcHeader()) {
            return null;
        }
        int port =
                multiplexed.endPoint() instanceof InetSocketAddress address
                        ? address.getPort()
                        : 443;
        return "h3=\":" + port + "\"; ma=86400";
    }

    void close() {
        if (listener != null) {
            listener.close();
        }
        if (multiplexed != null) {
            multiplexed.close();
        }
    }
}
