package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.pipelines.MemoryPool;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;

/**
 * The transport over the system's sockets, which works everywhere and needs nothing to be set up.
 *
 * <p>It binds an {@link InetSocketAddress}, where the IPv6 wildcard {@code ::} takes connections of
 * both families, and a {@link UnixDomainSocketAddress}. The file of a Unix domain socket that an
 * earlier process left behind is removed when nobody answers on it; the listener's own file is
 * removed when it is unbound. On such a socket the peer of an aborted connection sees the end of
 * the stream: there is no reset. May be used from any thread.
 */
public final class SocketTransport implements ConnectionListenerFactory {

    private final MemoryPool pool;
    private final SocketTransportOptions options;

    /**
     * Makes a transport.
     *
     * @param pool where the memory of its connections comes from
     * @param options how sockets are set up
     */
    public SocketTransport(MemoryPool pool, SocketTransportOptions options) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Makes a transport with the default options.
     *
     * @param pool where the memory of its connections comes from
     */
    public SocketTransport(MemoryPool pool) {
        this(pool, SocketTransportOptions.defaults());
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint instanceof InetSocketAddress || endPoint instanceof UnixDomainSocketAddress;
    }

    @Override
    public ConnectionListener bind(SocketAddress endPoint) throws IOException {
        return switch (endPoint) {
            case InetSocketAddress address -> bindInternet(address);
            case UnixDomainSocketAddress address -> bindUnix(address);
            default ->
                    throw new IllegalArgumentException("Not the address of a socket: " + endPoint);
        };
    }

    private ConnectionListener bindInternet(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw BindFailure.unknownHost(address);
        }
        ProtocolFamily family =
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
        ServerSocketChannel channel = open(family, address);
        boolean bound = false;
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
            channel.bind(address, options.backlog());
            SocketConnectionListener listener =
                    new SocketConnectionListener(channel, null, pool, options);
            bound = true;
            return listener;
        } catch (IOException e) {
            throw BindFailure.of(address, e);
        } finally {
            if (!bound) {
                channel.close();
            }
        }
    }

    private ConnectionListener bindUnix(UnixDomainSocketAddress address) throws IOException {
        ServerSocketChannel channel = open(StandardProtocolFamily.UNIX, address);
        boolean bound = false;
        try {
            UnixSocketFile file = UnixSocketFile.bind(channel, address, options.backlog());
            SocketConnectionListener listener =
                    new SocketConnectionListener(channel, file, pool, options);
            bound = true;
            return listener;
        } catch (IOException e) {
            throw BindFailure.of(address, e);
        } finally {
            if (!bound) {
                channel.close();
            }
        }
    }

    private static ServerSocketChannel open(ProtocolFamily family, SocketAddress address)
            throws IOException {
        try {
            return ServerSocketChannel.open(family);
        } catch (UnsupportedOperationException e) {
            throw BindFailure.unsupported(address, family, e);
        }
    }
}
