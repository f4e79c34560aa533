package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The servers there are, in the order of the tables. */
final class Peers {

    private static final Set<Protocol> ALL = EnumSet.allOf(Protocol.class);
    private static final Set<Protocol> TLS = EnumSet.of(Protocol.HTTPS_1, Protocol.HTTPS_2);
    private static final Set<Protocol> TCP = EnumSet.complementOf(EnumSet.of(Protocol.HTTPS_3));

    /** What the kestrel command gives its JVM, so that loops serve the sockets. */
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private static final Set<String> PATHS =
            Set.of(
                    Payload.PLAINTEXT_PATH,
                    Payload.JSON_PATH,
                    Payload.ECHO_PATH,
                    Payload.BYTES_PATH,
                    Payload.UPLOAD_PATH,
                    Payload.SLEEP_PATH);

    private Peers() {}

    static List<Peer> all() {
        Peer kestrel = kestrel("kestrel", OPEN);
        return List.of(
                kestrel,
                kestrel("kestrel-portable"),
                kestrelNative(),
                AotCache.of(kestrel),
                java("netty", "NettyLabServer", ALL, "netty-"),
                java("helidon", "HelidonLabServer", TCP, "helidon-"),
                java("jetty", "JettyLabServer", TCP, "jetty-", "slf4j-"),
                java(
                        "undertow",
                        "UndertowLabServer",
                        TCP,
                        "undertow-",
                        "xnio-",
                        "jboss-",
                        "wildfly-",
                        "smallrye-"),
                java("jdk", "JdkLabServer", EnumSet.of(Protocol.HTTP_1, Protocol.HTTPS_1)),
                java("tomcat", "TomcatLabServer", TCP, "tomcat-"),
                java("vertx", "VertxLabServer", ALL, "vertx-", "netty-", "jackson-"),
                NativePeers.floor(),
                NativePeers.nghttpd(),
                NativePeers.nginx());
    }

    /** This server, on the transport that the options allow. */
    private static Peer kestrel(String name, String... options) {
        return java(
                name,
                "KestrelLabServer",
                ALL,
                List.of(options),
                List.of("kestrel-quic-", "netty-"),
                "kestrel-core-");
    }

    /** The same with BoringSSL, which is there when its module is. */
    private static Peer kestrelNative() {
        return java(
                "kestrel-native",
                "KestrelLabServer",
                TLS,
                List.of(OPEN),
                List.of(),
                "kestrel-core-",
                "kestrel-tls-native-",
                "netty-buffer-",
                "netty-codec-base-",
                "netty-common-",
                "netty-handler-",
                "netty-resolver-",
                "netty-tcnative-",
                "netty-transport-");
    }

    private static Peer java(
            String name, String main, Set<Protocol> protocols, String... prefixes) {
        return java(name, main, protocols, List.of(), List.of(), prefixes);
    }

    /**
     * Each gets the jars whose names begin with the prefixes, and no others but those for HTTP/3
     * when it is asked in that: it starts as it would alone.
     */
    private static Peer java(
            String name,
            String main,
            Set<Protocol> protocols,
            List<String> options,
            List<String> forHttp3,
            String... prefixes) {
        List<String> jars = List.of(prefixes);
        List<String> all = Stream.concat(jars.stream(), forHttp3.stream()).toList();
        return new Peer(
                name,
                true,
                protocols,
                PATHS,
                launch -> {
                    boolean http3 = launch.protocol() == Protocol.HTTPS_3;
                    List<String> command = new ArrayList<>();
                    command.add(Jars.java());
                    command.addAll(launch.jvmOptions());
                    command.addAll(options);
                    command.add("--class-path");
                    command.add(
                            http3
                                    ? Jars.quicClassPath(launch.home(), all)
                                    : Jars.classPath(launch.home(), jars));
                    command.add("dev.kestrel.benchmarks.lab.servers." + main);
                    command.add(Integer.toString(launch.ports().http()));
                    command.add(Integer.toString(launch.ports().h2c()));
                    command.add(Integer.toString(launch.ports().https()));
                    command.add(launch.directory().toString());
                    if (http3) {
                        command.add(Payload.HTTP_3);
                    }
                    return command;
                });
    }
}
