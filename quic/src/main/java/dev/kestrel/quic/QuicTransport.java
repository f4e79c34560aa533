package dev.kestrel.quic;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.internal.loops.SchedulerDoor;
import dev.kestrel.pipelines.MemoryPool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Objects;

/**
 * The transport over QUIC (RFC 9000) by quiche and BoringSSL. It binds an {@link
 * InetSocketAddress}, to a UDP port. May be used from any thread.
 */
public final class QuicTransport implements MultiplexedConnectionListenerFactory {

    private final MemoryPool pool;
    private final QuicTransportOptions options;

    /**
     * Makes a transport.
     *
     * @param pool where the memory of its connections comes from
     * @param options how it is set up
     * @throws IllegalArgumentException when the options ask for loops, and the JVM does not allow
     *     them; the message names the option that would
     */
    public QuicTransport(MemoryPool pool, QuicTransportOptions options) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.options = Objects.requireNonNull(options, "options");
        SchedulerDoor door = SchedulerDoor.instance();
        if (options.threads() == SocketThreads.LOOPS && !door.isOpen()) {
            throw new IllegalArgumentException(
                    "Loops were asked for to carry the connections of QUIC, and "
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
    public QuicTransport(MemoryPool pool) {
        this(pool, QuicTransportOptions.defaults());
    }

    @Override
    public boolean canBind(SocketAddress endPoint) {
        return endPoint instanceof InetSocketAddress;
    }

    @Override
    public MultiplexedConnectionListener bind(
            SocketAddress endPoint, TlsHostSelector hosts, MultiplexedLimits limits)
            throws IOException {
        if (!(endPoint instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("Not the address of a socket: " + endPoint);
        }
        if (address.isUnresolved()) {
            throw new UnknownHostException(
                    "The host "
                            + address.getHostString()
                            + " has no address; check its name, or bind an address");
        }
        String problem = QuicLibrary.INSTANCE.unavailable();
        if (problem != null) {
            throw new IOException(problem);
        }
        TlsHosts tls = new TlsHosts(hosts);
        try {
            tls.prepare();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "QUIC can not use the certificate for " + address + ": " + e.getMessage(), e);
        }
        return QuicListener.bind(address, tls, new TransportSettings(pool, options, limits));
    }
}
