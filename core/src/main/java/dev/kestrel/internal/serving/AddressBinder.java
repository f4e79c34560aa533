package dev.kestrel.internal.serving;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;

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
    }

    /**
     * A listener that is bound and does not accept yet.
     *
     * @param listener the listener
     * @param options the endpoint that it came from
     */
    record Bound(ConnectionListener listener, ListenOptions options) {}

    private final Binder binder;

    AddressBinder(Binder binder) {
        this.binder = binder;
    }

    /** Binds all endpoints, in order; when one fails, those before it are released again. */
    List<Bound> bind(List<ListenOptions> endPoints) throws IOException {
        List<Bound> bound = new ArrayList<>();
        boolean complete = false;
        try {
            for (ListenOptions options : endPoints) {
                for (ConnectionListener listener : bind(options.endPoint())) {
                    bound.add(new Bound(listener, options));
                }
            }
            complete = true;
            return bound;
        } finally {
            if (!complete) {
                bound.forEach(each -> each.listener().close());
            }
        }
    }

    private List<ConnectionListener> bind(SocketAddress endPoint) throws IOException {
        return switch (endPoint) {
            case LocalhostEndPoint localhost -> bindLocalhost(localhost.port());
            case AnyIpEndPoint anyIp -> List.of(bindAnyIp(anyIp.port()));
            default -> List.of(bindOne(endPoint));
        };
    }

    private ConnectionListener bindAnyIp(int port) throws IOException {
        try {
            return bindOne(new InetSocketAddress(ANY_6, port));
        } catch (AddressInUseException e) {
            throw e;
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    () ->
                            "IPv6 is not available ("
                                    + e.getMessage()
                                    + "); listening on IPv4 alone");
            return bindOne(new InetSocketAddress(ANY_4, port));
        }
    }

    private List<ConnectionListener> bindLocalhost(int port) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bindBothLoopbacks(port);
            } catch (AddressInUseException e) {
                // The port that the system chose for one family may be taken on the other.
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<ConnectionListener> bindBothLoopbacks(int port) throws IOException {
        List<ConnectionListener> bound = new ArrayList<>(2);
        List<IOException> missing = new ArrayList<>(2);
        boolean complete = false;
        try {
            int wanted = port;
            for (InetAddress loopback : LOOPBACKS) {
                try {
                    ConnectionListener listener = bindOne(new InetSocketAddress(loopback, wanted));
                    bound.add(listener);
                    if (listener.endPoint() instanceof InetSocketAddress address) {
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
                bound.forEach(ConnectionListener::close);
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

    /**
     * Binds, and tells an address in use from other failures whatever the transport throws for it.
     */
    private ConnectionListener bindOne(SocketAddress endPoint) throws IOException {
        try {
            return binder.bind(endPoint);
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
