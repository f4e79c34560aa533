package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where a server is told to listen.
 *
 * @param http for HTTP/1.1 in clear text
 * @param h2c for HTTP/2 in clear text
 * @param https for both over TLS, and for HTTP/3 over UDP
 */
record Ports(int http, int h2c, int https) {

    /** Three that were free a moment ago. */
    static Ports free() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback);
                ServerSocket third = new ServerSocket(0, 1, loopback)) {
            return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
    }

    int of(Protocol protocol) {
        return switch (protocol) {
            case HTTP_1 -> http;
            case H2C -> h2c;
            case HTTPS_1, HTTPS_2, HTTPS_3 -> https;
        };
    }
}
