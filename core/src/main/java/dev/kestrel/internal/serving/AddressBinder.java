package dev.kestrel.internal.serving;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Turns the endpoints of the configuration into bound listeners: all of them, or none. */
final class AddressBinder {

    private static final System.Logger LOG = System.getLogger(AddressBinder.class.getName());

    /** How often a free port is looked for that is free on both families. */
    private static final int ATTEMPTS = 10;

    private static final List<InetAddress> LOOPBACKS =
            List.of(Inet4Address.ofLiteral("127.0.0.1"), Inet6Address.ofLiteral("::1"));
    private static final InetAddress ANY_4 = Inet4Address.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = Inet6Address.ofLiteral("::");

    /** Binds a concrete address. */
    @FunctionalInterface
    interface Binder {
        ConnectionListener bind(SocketAddress endPoint) throws IOException;

        /** Binds it for HTTP/3; {@code null} when the endpoint does not speak that. */
        default @Nullable MultiplexedConnectionListener bindMultiplexed(
                SocketAddress endPoint, ListenOptions options) throws IOException {
            return null;
        }
    }

    private final Binder binder;

    AddressBinder(Binder binder) {
        this.binder = binder;
    }

    /** Binds all endpoints, in order; when one fails, those before it are released again. */
    List<BoundEndPoint> bind(List<ListenOptions> endPoints) throws IOException {
        List<BoundEndPoint> bound = new ArrayList<>();
        boolean complete = false;
        try {
            for (ListenOptions options : endPoints) {
                bound.addAll(bind(options));
            }
            complete = true;
            return bound;
        } finally {
            if (!complete) {
                bound.forEach(BoundEndPoint::close);
            }
        }
    }

    private List<BoundEndPoint> bind(ListenOptions options) throws IOException {
        // A switch over types takes some milliseconds of each start.
        SocketAddress endPoint = options.endPoint();
        if (endPoint instanceof LocalhostEndPoint localhost) {
            return bindLocalhost(localhost.port(), options);
        }
        return List.of(
                endPoint instanceof AnyIpEndPoint anyIp
                        ? bindAnyIp(anyIp.port(), options)
                        : bindPatiently(endPoint, options));
    }

    private BoundEndPoint bindAnyIp(int port, ListenOptions options) throws IOException {
        try {
            return bindPatiently(new InetSocketAddress(ANY_6, port), options);
        } catch (AddressInUseException e) {
            throw e;
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    () ->
                            "IPv6 is not available ("
                                    + e.getMessage()
                                    + "); listening on IPv4 alone");
            return bindPatiently(new InetSocketAddress(ANY_4, port), options);
        }
    }

    private List<BoundEndPoint> bindLocalhost(int port, ListenOptions options) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bindBothLoopbacks(port, options);
            } catch (AddressInUseException e) {
                // The port that the system chose for one family may be taken on the other.
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<BoundEndPoint> bindBothLoopbacks(int port, ListenOptions options)
            throws IOException {
        List<BoundEndPoint> bound = new ArrayList<>(2);
        List<IOException> missing = new ArrayList<>(2);
        boolean complete = false;
        try {
            int wanted = port;
            for (InetAddress loopback : LOOPBACKS) {
                try {
                    BoundEndPoint one = bindOne(new InetSocketAddress(loopback, wanted), options);
                    bound.add(one);
                    if (one.endPoint() instanceof InetSocketAddress address) {
                        wanted = address.getPort();
                    }
                } catch (AddressInUseException e) {
                    throw e;
                } catch (IOException e) {
                    missing.add(e);
                }
            }
            complete = true;
        } finally {
            if (!complete) {
                bound.forEach(BoundEndPoint::close);
            }
        }
        if (bound.isEmpty()) {
            IOException neither =
                    new IOException(
                            "Failed to listen on localhost:"
                                    + port
                                    + ", neither on 127.0.0.1 nor on ::1");
            missing.forEach(neither::addSuppressed);
            throw neither;
        }
        for (IOException e : missing) {
            LOG.log(
                    Level.INFO,
                    () -> "localhost has one family of addresses alone: " + e.getMessage());
        }
        return bound;
    }

    /** Where any port will do, one that is free for TCP may be taken for UDP. */
    private BoundEndPoint bindPatiently(SocketAddress endPoint, ListenOptions options)
            throws IOException {
        boolean anyPort = endPoint instanceof InetSocketAddress address && address.getPort() == 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return bindOne(endPoint, options);
            } catch (AddressInUseException e) {
                if (!anyPort || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Binds, and tells an address in use from other failures whatever the transport throws for it.
     */
    private BoundEndPoint bindOne(SocketAddress endPoint, ListenOptions options)
            throws IOException {
        try {
            return bindPair(endPoint, options);
        } catch (AddressInUseException e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            throw new IOException(
                    "Failed to listen on " + endPoint + ": this system does not support it", e);
        } catch (IOException e) {
            if (isInUse(e)) {
                throw new AddressInUseException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    /** Sockets first: their port, which the system may choose, is that of HTTP/3, too. */
    private BoundEndPoint bindPair(SocketAddress endPoint, ListenOptions options)
            throws IOException {
        boolean http3Alone =
                options.connectionHandler() == null
                        && options.protocols().equals(Set.of(HttpVersion.HTTP_3));
        ConnectionListener listener = http3Alone ? null : binder.bind(endPoint);
        boolean complete = false;
        try {
            SocketAddress same = listener == null ? endPoint : listener.endPoint();
            BoundEndPoint both =
                    new BoundEndPoint(options, listener, binder.bindMultiplexed(same, options));
            complete = true;
            return both;
        } finally {
            if (!complete && listener != null) {
                listener.close();
            }
        }
    }

    private static boolean isInUse(IOException error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            // The JDK has one type for an address that is in use and one that this machine does not
            // have.
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage())
                            .toLowerCase(Locale.ROOT)
                            .contains("in use")) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
