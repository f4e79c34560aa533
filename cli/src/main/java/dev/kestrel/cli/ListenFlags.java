package dev.kestrel.cli;

import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;
import dev.kestrel.options.ProxyProtocolOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Where to listen. */
final class ListenFlags {

    @Option(
            names = {"-p", "--port"},
            paramLabel = "P",
            defaultValue = "8080",
            description = "The port; 0 takes any that is free. Default: ${DEFAULT-VALUE}.")
    int port;

    @ArgGroup @Nullable Where where;

    @Option(
            names = "--protocols",
            paramLabel = "LIST",
            converter = Versions.class,
            description =
                    "What to speak: http1, http2, http3, or some of them with commas. Without"
                            + " --https, clients of HTTP/2 must know that the server speaks it, and"
                            + " there is no HTTP/3. Default: http1,http2; with --https all, where"
                            + " HTTP/3 can be served.")
    @Nullable Set<HttpVersion> protocols;

    @Option(
            names = "--http3",
            description =
                    "Speak HTTP/3, too, on the same port over UDP, and say so when it can not be;"
                            + " needs --https.")
    boolean http3;

    @Option(
            names = "--proxy-protocol-from",
            paramLabel = "RANGE",
            description =
                    "Expect a PROXY header from peers in this range, such as 10.0.0.0/8, and refuse"
                            + " all others; give it again for further ranges, unix for Unix"
                            + " sockets.")
    List<String> proxies = new ArrayList<>();

    ListenFlags() {}

    /** Instead of localhost. */
    static final class Where {

        @Option(
                names = "--host",
                paramLabel = "ADDRESS",
                description =
                        "Listen on this address of this machine. Default: localhost, which only this"
                                + " machine reaches.")
        @Nullable String host;

        @Option(
                names = "--any",
                description = "Listen on all addresses: the network reaches the server.")
        boolean any;

        @Option(
                names = "--unix",
                paramLabel = "PATH",
                description = "Listen on a Unix domain socket instead of a port.")
        @Nullable Path unix;

        Where() {}
    }

    /** Whether HTTP/3 is asked for in so many words. */
    boolean wantsHttp3() {
        return http3 || (protocols != null && protocols.contains(HttpVersion.HTTP_3));
    }

    /** Whether HTTP/3 may be spoken where nobody asked for it: on a port, to anybody. */
    boolean allowsHttp3() {
        return protocols == null && proxies.isEmpty() && (where == null || where.unix == null);
    }

    private Set<HttpVersion> versions(boolean offerHttp3) {
        Set<HttpVersion> versions =
                protocols == null
                        ? EnumSet.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
                        : EnumSet.copyOf(protocols);
        if (offerHttp3 || http3) {
            versions.add(HttpVersion.HTTP_3);
        }
        return versions;
    }

    /**
     * The endpoint that the options ask for.
     *
     * @param offerHttp3 whether it speaks HTTP/3 although nobody asked for it
     */
    ListenOptions.Builder endPoint(boolean offerHttp3) throws CommandFailure {
        if (port < 0 || port > 65535) {
            throw new CommandFailure("the port must be from 0 to 65535, not " + port);
        }
        ListenOptions.Builder endPoint = ListenOptions.builder(address());
        HttpVersion[] versions = versions(offerHttp3).toArray(HttpVersion[]::new);
        endPoint.protocols(versions[0], versions);
        if (!proxies.isEmpty()) {
            endPoint.proxyProtocol(proxyProtocol());
        }
        return endPoint;
    }

    private ProxyProtocolOptions proxyProtocol() throws CommandFailure {
        ProxyProtocolOptions.Builder options = ProxyProtocolOptions.builder();
        for (String range : proxies) {
            if (range.equals("unix")) {
                options.trustUnixSockets();
                continue;
            }
            try {
                options.trust(range);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure("--proxy-protocol-from " + range + ": " + e.getMessage());
            }
        }
        return options.build();
    }

    /** Where to listen. */
    SocketAddress address() throws CommandFailure {
        if (where == null) {
            return new LocalhostEndPoint(port);
        }
        if (where.unix != null) {
            return UnixDomainSocketAddress.of(where.unix);
        }
        String host = where.host;
        if (host == null) {
            return new AnyIpEndPoint(port);
        }
        if (host.equals("localhost")) {
            return new LocalhostEndPoint(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new CommandFailure("--host " + host + " is not an address and no known name");
        }
    }

    /** Where, as the user said it. */
    @Override
    public String toString() {
        if (where == null) {
            return "port " + port + " of localhost";
        }
        if (where.unix != null) {
            return "the socket " + where.unix;
        }
        return "port " + port + (where.host == null ? "" : " of " + where.host);
    }

    /** What a user can do when the address can not be bound. */
    String advice() {
        if (where != null && where.unix != null) {
            return "choose another path with --unix";
        }
        return "choose another port with --port, or any free one with --port 0";
    }
}
