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

    /**
     * Says it.
     *
     * @param scheme {@code http} or {@code https}
     * @param notes further lines
     */
    static void print(
            PrintWriter out,
            String purpose,
            String scheme,
            List<SocketAddress> endPoints,
            List<String> notes) {
        out.println("Kestrel " + VersionCommand.version() + " " + purpose);
        for (String url : urls(scheme, endPoints)) {
            out.println("  " + url);
        }
        notes.forEach(out::println);
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    /** The addresses as one types them into a browser, each once. */
    static Set<String> urls(String scheme, List<SocketAddress> endPoints) {
        Set<String> urls = new LinkedHashSet<>();
        for (SocketAddress endPoint : endPoints) {
            switch (endPoint) {
                case InetSocketAddress inet -> urls.addAll(urls(scheme, inet));
                case UnixDomainSocketAddress unix -> urls.add("unix:" + unix.getPath());
                default -> urls.add(endPoint.toString());
            }
        }
        return urls;
    }

    private static List<String> urls(String scheme, InetSocketAddress endPoint) {
        InetAddress address = endPoint.getAddress();
        int port = endPoint.getPort();
        if (address == null || address.isLoopbackAddress()) {
            return List.of(scheme + "://localhost:" + port);
        }
        if (!address.isAnyLocalAddress()) {
            return List.of(url(scheme, address, port));
        }
        List<String> urls = new ArrayList<>();
        urls.add(scheme + "://localhost:" + port);
        for (InetAddress own : ownAddresses()) {
            urls.add(url(scheme, own, port));
        }
        return urls;
    }

    private static String url(String scheme, InetAddress address, int port) {
        String text = address.getHostAddress();
        return scheme
                + "://"
                + (address instanceof Inet6Address ? "[" + text + "]" : text)
                + ":"
                + port;
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
