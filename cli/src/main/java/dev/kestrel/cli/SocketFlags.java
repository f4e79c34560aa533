package dev.kestrel.cli;

import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.sockets.SocketTransportOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.Locale;

/** Which threads serve the sockets. What is not given keeps its default. */
final class SocketFlags {

    /** What can be asked for. */
    enum Threads {
        AUTO(SocketThreads.AUTOMATIC),
        PORTABLE(SocketThreads.PORTABLE),
        LOOPS(SocketThreads.LOOPS);

        private final SocketThreads meant;

        Threads(SocketThreads meant) {
            this.meant = meant;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--threads",
            paramLabel = "KIND",
            defaultValue = "AUTO",
            description =
                    "Who waits for sockets: loops, which also carry the threads of their connections;"
                            + " portable, as the JDK does it; or auto: loops where the JVM allows"
                            + " them. Default: ${DEFAULT-VALUE}.")
    private Threads threads = Threads.AUTO;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description =
                    "How many loops; for HTTP/3 as many more for each address. Default: as many as"
                            + " there are processors.")
    private @Nullable Integer loops;

    SocketFlags() {}

    void apply(SocketTransportOptions.Builder sockets) throws CommandFailure {
        sockets.threads(threads.meant);
        LimitFlags.set("--loops", loops, count -> sockets.loops(count).build());
    }
}
