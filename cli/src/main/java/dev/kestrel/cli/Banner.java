package dev.kestrel.cli;

import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a server says when it has started. */
final class Banner {

    private Banner() {}

    static void print(PrintWriter out, String purpose, List<SocketAddress> endPoints, String hint) {
        out.println("Kestrel " + VersionCommand.version() + " " + purpose);
        for (String url : urls(endPoints)) {
            out.println("  " + url);
        }
        if (!hint.isEmpty()) {
            out.println(hint);
        }
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    /** The addresses as one types them into a browser, each once. */
    static Set<String> urls(List<SocketAddress> endPoints) {
        Set<String> urls = new LinkedHashSet<>();
        for (SocketAddress endPoint : endPoints) {
            switch (endPoint) {
                case InetSocketAddress inet -> urls.addAll(urls(inet));
                case UnixDomainSocketAddress unix -> urls.add("unix:" + unix.getPath());
                default -> urls.add(endPoint.toString());
            }
        }
        return urls;
    }

    private static List<String> urls(InetSocketAddress endPoint) {
        InetAddress address = endPoint.getAddress();
        int port = endPoint.getPort();
        if (address == null || address.isLoopbackAddress()) {
            return List.of("http://localhost:" + port);
        }
        if (!address.isAnyLocalAddress()) {
            return List.of(url(address, port));
        }
        List<String> urls = new ArrayList<>();
        urls.add("http://localhost:" + port);
        for (InetAddress own : ownAddresses()) {
            urls.add(url(own, port));
        }
        return urls;
    }

    private static String url(InetAddress address, int port) {
        String text = address.getHostAddress();
        return "http://" + (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
    }

    /**
     * Where others reach this machine; link-local addresses work in no browser and are left out.
     */
    private static List<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(
                            address ->
                                    !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
