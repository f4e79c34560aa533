package dev.kestrel.app;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Addresses as people write them. */
final class EndPointNames {

    private EndPointNames() {}

    static String of(SocketAddress endPoint) {
        return switch (endPoint) {
            case InetSocketAddress inet -> "http://" + host(inet) + ':' + inet.getPort();
            case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
            default -> endPoint.toString();
        };
    }

    private static String host(InetSocketAddress inet) {
        InetAddress address = inet.getAddress();
        if (address == null) {
            return inet.getHostString();
        }
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? '[' + shortIpv6(text) + ']' : text;
    }

    /** The JDK writes every zero; the two addresses that are common get their short form. */
    private static String shortIpv6(String text) {
        return switch (text) {
            case "0:0:0:0:0:0:0:1" -> "::1";
            case "0:0:0:0:0:0:0:0" -> "::";
            default -> text;
        };
    }
}
