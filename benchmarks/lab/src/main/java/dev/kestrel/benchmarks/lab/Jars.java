package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was built and downloaded, and who gets which part of it. */
final class Jars {

    /** What only HTTP/3 needs. */
    private static final List<String> QUIC =
            List.of("netty-codec-http3-", "netty-codec-classes-quic-", "netty-codec-native-quic-");

    private Jars() {}

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The lab's own jar, and those whose names begin with the prefixes but for those of QUIC. */
    static String classPath(Path home, List<String> prefixes) throws IOException {
        return join(home, false, prefixes);
    }

    /** The same with those of QUIC. */
    static String quicClassPath(Path home, List<String> prefixes) throws IOException {
        return join(home, true, prefixes);
    }

    private static String join(Path home, boolean quic, List<String> prefixes) throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("target/lib"))) {
            return jars.filter(jar -> belongs(jar.getFileName().toString(), quic, prefixes))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
    }

    private static boolean belongs(String jar, boolean quic, List<String> prefixes) {
        return jar.startsWith("kestrel-benchmarks-lab-")
                || prefixes.stream().anyMatch(jar::startsWith)
                        && (quic || QUIC.stream().noneMatch(jar::startsWith));
    }
}
