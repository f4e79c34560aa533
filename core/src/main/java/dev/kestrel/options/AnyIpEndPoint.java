package dev.kestrel.options;

import java.net.SocketAddress;

/** All addresses of this machine, IPv6 and IPv4 (the original's {@code AnyIPListenOptions}). */
public final class AnyIpEndPoint extends SocketAddress {

    private static final long serialVersionUID = 1L;

    /** From 0 to 65535. */
    private final int port;

    /**
     * Names a port.
     *
     * @param port from 1 to 65535; 0 for any port that is free
     * @throws IllegalArgumentException when the port is out of range
     */
    public AnyIpEndPoint(int port) {
        this.port = Ports.check(port);
    }

    /**
     * The port.
     *
     * @return from 0 to 65535
     */
    public int port() {
        return port;
    }

    @Override
    public String toString() {
        return "*:" + port;
    }
}
