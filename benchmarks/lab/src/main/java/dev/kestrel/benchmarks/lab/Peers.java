package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The servers there are, in the order of the tables. */
final class Peers {

    private static final Set<Protocol> ALL = EnumSet.allOf(Protocol.class);

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
        return List.of(
                kestrel("kestrel", OPEN),
                kestrel("kestrel-portable"),
                java("netty", "NettyLabServer", ALL, "netty-"),
                java("helidon", "HelidonLabServer", ALL, "helidon-"),
                java("jetty", "JettyLabServer", ALL, "jetty-", "slf4j-"),
                java(
                        "undertow",
                        "UndertowLabServer",
                        ALL,
                        "undertow-",
                        "xnio-",
                        "jboss-",
                        "wildfly-",
                        "smallrye-"),
                java("jdk", "JdkLabServer", EnumSet.of(Protocol.HTTP_1, Protocol.HTTPS_1)),
                java("tomcat", "TomcatLabServer", ALL, "tomcat-"),
                java("vertx", "VertxLabServer", ALL, "vertx-", "netty-", "jackson-"),
                NativePeers.floor(),
                NativePeers.nghttpd(),
                NativePeers.nginx());
    }

    /** This server, on the transport that the options allow. */
    private static Peer kestrel(String name, String... options) {
        return java(name, "KestrelLabServer", ALL, List.of(options), "kestrel-core");
    }

    private static Peer java(
            String name, String main, Set<Protocol> protocols, String... prefixes) {
        return java(name, main, protocols, List.of(), prefixes);
    }

    /**
     * Each gets the jars whose names begin with the prefixes, and no others: it starts as it would
     * alone.
     */
    private static Peer java(
            String name,
            String main,
            Set<Protocol> protocols,
            List<String> options,
            String... prefixes) {
        return new Peer(
                name,
                true,
                protocols,
                PATHS,
                launch -> {
                    List<String> command = new ArrayList<>();
                    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
                    command.addAll(launch.jvmOptions());
                    command.addAll(options);
                    command.add("--class-path");
                    command.add(classPath(launch.home().resolve("target/lib"), prefixes));
                    command.add("dev.kestrel.benchmarks.lab.servers." + main);
                    command.add(Integer.toString(launch.ports().http()));
                    command.add(Integer.toString(launch.ports().h2c()));
                    command.add(Integer.toString(launch.ports().https()));
                    command.add(launch.directory().toString());
                    return command;
                });
    }

    private static String classPath(Path lib, String... prefixes) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.filter(jar -> belongs(jar.getFileName().toString(), prefixes))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
    }

    private static boolean belongs(String jar, String... prefixes) {
        return jar.startsWith("kestrel-benchmarks-lab-")
                || Stream.of(prefixes).anyMatch(jar::startsWith);
    }
}
