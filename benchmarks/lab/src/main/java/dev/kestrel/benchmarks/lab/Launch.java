package dev.kestrel.benchmarks.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * What a server is started with.
 *
 * @param ports where it listens
 * @param directory the run's own, with certificates and files to serve
 * @param home the directory of the lab, with its sources and jars
 * @param protocol what it will be asked in, for those that speak one a process
 * @param cores how many it gets, for those that do not find out themselves
 * @param jvmOptions for those that run on a JVM
 */
record Launch(
        Ports ports,
        Path directory,
        Path home,
        Protocol protocol,
        int cores,
        List<String> jvmOptions) {}
