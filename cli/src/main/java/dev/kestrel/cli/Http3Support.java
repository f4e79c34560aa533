package dev.kestrel.cli;

import dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.LocalhostEndPoint;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Whether this installation can serve HTTP/3. */
final class Http3Support {

    private Http3Support() {}

    /** Looks for a transport that works here. */
    static boolean isThere() {
        try {
            return ServiceLoader.load(MultiplexedTransportProvider.class).stream()
                    .anyMatch(provider -> provider.get().unavailable() == null);
        } catch (ServiceConfigurationError e) {
            return false;
        }
    }

    /** Whether some other program has the UDP port of an endpoint, which may be free for TCP. */
    static boolean isPortTaken(SocketAddress endPoint) {
        return sockets(endPoint).stream().anyMatch(Http3Support::isTaken);
    }

    private static List<InetSocketAddress> sockets(SocketAddress endPoint) {
        return switch (endPoint) {
            case LocalhostEndPoint local ->
                    List.of(
                            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), local.port()),
                            new InetSocketAddress(InetAddress.ofLiteral("::1"), local.port()));
            case AnyIpEndPoint any -> List.of(new InetSocketAddress(any.port()));
            case InetSocketAddress address -> List.of(address);
            default -> List.of();
        };
    }

    private static boolean isTaken(InetSocketAddress address) {
        if (address.getPort() == 0) {
            return false;
        }
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.bind(address);
            return false;
        } catch (BindException e) {
            // Or the address is none of this machine's.
            return String.valueOf(e.getMessage()).contains("in use");
        } catch (IOException e) {
            // Whatever it is, the server will say it.
            return false;
        }
    }
}
