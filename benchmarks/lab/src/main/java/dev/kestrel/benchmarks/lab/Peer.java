package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A server that can be compared.
 *
 * @param name what it is called on the command line and in tables
 * @param jvm whether it answers the questions of the lab on its standard input
 * @param protocols what it speaks
 * @param paths what it can be asked for
 * @param starter knows its command line
 */
record Peer(String name, boolean jvm, Set<Protocol> protocols, Set<String> paths, Starter starter) {

    /** How the names of servers end that start from a cache. */
    static final String AOT = "-aot";

    /** Makes the command line of a server. */
    @FunctionalInterface
    interface Starter {

        /**
         * Prepares what the server needs.
         *
         * @throws UnavailableException when it can not run here
         */
        List<String> command(Launch launch) throws IOException, InterruptedException;
    }

    boolean can(Work work) {
        return protocols.contains(work.protocol()) && paths.contains(work.path());
    }

    /** Whether it is the same as another but for its start, and no row of other work. */
    boolean isForStartUpAlone() {
        return name.endsWith(AOT);
    }
}
