package dev.kestrel.connections.sockets;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.Locale;

/**
 * Turns what the platform says about an address that can not be bound into something that a person
 * can act on.
 */
final class BindFailure {

    private BindFailure() {}

    static IOException of(SocketAddress address, IOException cause) {
        String said = String.valueOf(cause.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        String advice;
        if (lower.contains("in use")) {
            advice =
                    "the address is in use: end the program that listens there, or choose another "
                            + (address instanceof InetSocketAddress
                                    ? "port (port 0 takes any free one)"
                                    : "path");
        } else if (lower.contains("permission denied")) {
            advice =
                    address instanceof InetSocketAddress
                            ? "permission denied: choose a port from 1024 on, or let this process bind lower ones"
                            : "permission denied: choose a directory in which this process may write";
        } else if (lower.contains("cannot assign") || lower.contains("not available")) {
            advice = "no network interface of this machine has the address: choose one that it has";
        } else {
            advice = said;
        }
        return with(address, advice, cause);
    }

    static IOException unknownHost(InetSocketAddress address) {
        return with(
                address,
                "the host name is not known: check it, or use an address",
                new java.net.UnknownHostException(address.getHostString()));
    }

    static IOException unsupported(SocketAddress address, ProtocolFamily family, Throwable cause) {
        return with(
                address, "this machine does not support the " + family.name() + " family", cause);
    }

    private static IOException with(SocketAddress address, String advice, Throwable cause) {
        BindException failure =
                new BindException("Failed to listen on " + name(address) + ": " + advice);
        failure.initCause(cause);
        return failure;
    }

    /** The address as a person writes it. */
    static String name(SocketAddress address) {
        if (!(address instanceof InetSocketAddress internet)) {
            return address.toString();
        }
        InetAddress host = internet.getAddress();
        String text = host == null ? internet.getHostString() : host.getHostAddress();
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + internet.getPort();
    }
}
