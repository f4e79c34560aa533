package dev.kestrel.options;

import java.net.SocketAddress;

/**
 * {@code localhost}: a port on 127.0.0.1 and on ::1 (the original's {@code
 * LocalhostListenOptions}).
 */
public final class LocalhostEndPoint extends SocketAddress {

    private static final long serialVersionUID = 1L;

    /** From 0 to 65535. */
    private final int port;

    /**
     * Names a port.
     *
     * @param port from 1 to 65535; 0 for any one port that is free on both
     * @throws IllegalArgumentException when the port is out of range
     */
    public LocalhostEndPoint(int port) {
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
        return "localhost:" + port;
    }
}
