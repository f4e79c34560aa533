package dev.kestrel.benchmarks.lab;

import java.util.List;

/**
 * One thing that servers are compared at.
 *
 * @param id what it is called on the command line
 * @param title what it is
 * @param protocol what the client speaks
 * @param path what it asks for
 * @param load how much of it there is
 * @param jvmOptions further options of the servers on a JVM
 */
record Work(
        String id,
        String title,
        Protocol protocol,
        String path,
        Load load,
        List<String> jvmOptions) {

    Work(String id, String title, Protocol protocol, String path, Load load) {
        this(id, title, protocol, path, load, List.of());
    }
}
