package dev.kestrel.options;

/** The range of port numbers. */
final class Ports {

    private Ports() {}

    static int check(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("A port is a number from 0 to 65535, not " + port);
        }
        return port;
    }
}
