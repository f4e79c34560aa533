package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.internal.loops.LoopGroup;
import dev.kestrel.internal.loops.SchedulerDoor;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
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
 * The transport over the system's sockets.
 *
 * <p>By itself it works everywhere and needs nothing to be set up: connections are served by
 * virtual threads as the JDK carries them. Where the JVM opens {@code java.lang} to it, loops do
 * both: they wait for bytes and carry the threads of the connections ({@link SocketThreads}). Which
 * of the two it is can not be seen from above.
 *
 * <p>It binds an {@link InetSocketAddress}, where the IPv6 wildcard {@code ::} takes connections of
 * both families, and a {@link UnixDomainSocketAddress}. The file of a Unix domain socket that an
 * earlier process left behind is removed when nobody answers on it; the listener's own file is
 * removed when it is unbound. On such a socket the peer of an aborted connection sees the end of
 * the stream: there is no reset. May be used from any thread.
 */
public final class SocketTransport implements ConnectionListenerFactory {

    private static final System.Logger LOG = System.getLogger(SocketTransport.class.getName());

    private final MemoryPool pool;
    private final SocketTransportOptions options;
    private @Nullable LoopGroup loops;
    private boolean told;

    /**
     * Makes a transport.
     *
     * @param pool where the memory of its connections comes from
     * @param options how sockets are set up
     * @throws IllegalArgumentException when the options ask for loops, and the JVM does not allow
     *     them; the message names the option that would
     */
    public SocketTransport(MemoryPool pool, SocketTransportOptions options) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.options = Objects.requireNonNull(options, "options");
        SchedulerDoor door = SchedulerDoor.instance();
        if (options.threads() == SocketThreads.LOOPS && !door.isOpen()) {
            throw new IllegalArgumentException(
                    "Loops were asked for to serve sockets, and "
                            + door.reason()
                            + ". Give the JVM the option "
                            + SchedulerDoor.flag()
                            + ", or choose portable threads");
        }
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
        LoopGroup group = retainLoops();
        try {
            // A switch over types takes some milliseconds of each start.
            if (endPoint instanceof InetSocketAddress address) {
                return bindInternet(address, group);
            }
            if (endPoint instanceof UnixDomainSocketAddress address) {
                return bindUnix(address, group);
            }
            throw new IllegalArgumentException("Not the address of a socket: " + endPoint);
        } finally {
            if (group != null) {
                // By now the listener keeps them running.
                group.release();
            }
        }
    }

    /** The loops, which run until they are released; {@code null} when there are to be none. */
    private synchronized @Nullable LoopGroup retainLoops() throws IOException {
        SchedulerDoor door = SchedulerDoor.instance();
        if (options.threads() == SocketThreads.PORTABLE || !door.isOpen()) {
            tell("Virtual threads of the JDK serve the sockets", door);
            return null;
        }
        LoopGroup group = loops;
        if (group == null || !group.retain()) {
            group = LoopGroup.start(door, options.loops());
            loops = group;
            tell(options.loops() + " loops serve the sockets", door);
        }
        return group;
    }

    private void tell(String what, SchedulerDoor door) {
        if (!told) {
            told = true;
            LOG.log(
                    Level.DEBUG,
                    "{0} (asked for: {1}; {2})",
                    what,
                    options.threads(),
                    door.reason());
        }
    }

    private ConnectionListener bindInternet(InetSocketAddress address, @Nullable LoopGroup group)
            throws IOException {
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
                    new SocketConnectionListener(channel, null, pool, options, group);
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

    private ConnectionListener bindUnix(UnixDomainSocketAddress address, @Nullable LoopGroup group)
            throws IOException {
        ServerSocketChannel channel = open(StandardProtocolFamily.UNIX, address);
        boolean bound = false;
        try {
            UnixSocketFile file = UnixSocketFile.bind(channel, address, options.backlog());
            SocketConnectionListener listener =
                    new SocketConnectionListener(channel, file, pool, options, group);
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
