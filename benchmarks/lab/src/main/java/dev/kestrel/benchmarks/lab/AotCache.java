package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a start loads, kept by the JVM from a run that answered a few requests (JEP 514). Made when
 * it is first asked for, with the same class path and options, which the JVM insists on.
 */
final class AotCache {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int REQUESTS = 5;

    private AotCache() {}

    /** The peer, started from such a cache. */
    static Peer of(Peer peer) {
        return new Peer(
                peer.name() + Peer.AOT,
                true,
                peer.protocols(),
                peer.paths(),
                launch -> {
                    Path cache = launch.directory().resolve(name(peer, launch));
                    if (!Files.exists(cache)) {
                        train(peer, launch, cache);
                    }
                    // A cache that does not fit is an error, and not a start without one.
                    return peer.starter()
                            .command(with(launch, "-XX:AOTCache=" + cache, "-XX:AOTMode=on"));
                });
    }

    /** One for each set of options: what is not used must not be loaded. */
    private static String name(Peer peer, Launch launch) {
        return peer.name() + "-" + Integer.toHexString(launch.jvmOptions().hashCode()) + ".aot";
    }

    private static void train(Peer peer, Launch launch, Path cache)
            throws IOException, InterruptedException {
        Launch training = with(launch, "-XX:AOTCacheOutput=" + cache);
        try (RunningServer server = RunningServer.start(peer, training, "")) {
            for (int i = 0; i < REQUESTS; i++) {
                server.awaitFirstResponse(Payload.PLAINTEXT_PATH);
                server.awaitFirstResponse(Payload.JSON_PATH);
            }
            server.end(LIMIT);
        }
        if (!Files.exists(cache)) {
            throw new UnavailableException("the JVM has written no cache");
        }
    }

    private static Launch with(Launch launch, String... options) {
        List<String> all = new ArrayList<>(launch.jvmOptions());
        all.addAll(List.of(options));
        return new Launch(
                launch.ports(),
                launch.directory(),
                launch.home(),
                launch.protocol(),
                launch.cores(),
                all);
    }
}
