package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** What all work of a run shares: its directory, its cores and its tools. */
final class Bench {

    private final Path home;
    private final Path directory;
    private final LabOptions options;
    private final LoadTool tool;
    private final Probe probe;

    Bench(Path home, Path directory, LabOptions options)
            throws IOException, InterruptedException, GeneralSecurityException {
        this.home = home;
        this.directory = directory;
        this.options = options;
        Certificates.create(directory);
        tool =
                new LoadTool(
                        home,
                        directory,
                        options.clientCpus(),
                        LabOptions.count(options.clientCpus()));
        probe = new Probe(Certificates.client(directory), directory, tool);
    }

    RunningServer start(Peer peer, Work work) throws IOException, InterruptedException {
        return start(peer, work.protocol(), work.jvmOptions());
    }

    /** With further options of the JVM, when it is on one. */
    RunningServer start(Peer peer, Protocol protocol, List<String> jvmOptions)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options.jvmOptions());
        all.addAll(jvmOptions);
        Launch launch =
                new Launch(
                        Ports.free(),
                        directory,
                        home,
                        protocol,
                        LabOptions.count(options.serverCpus()),
                        all);
        return RunningServer.start(peer, launch, options.serverCpus());
    }

    LoadTool tool() {
        return tool;
    }

    Probe probe() {
        return probe;
    }
}
