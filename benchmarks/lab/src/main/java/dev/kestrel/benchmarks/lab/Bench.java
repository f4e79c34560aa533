package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

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
        probe = new Probe(Certificates.client(directory), directory);
    }

    RunningServer start(Peer peer, Protocol protocol) throws IOException, InterruptedException {
        Launch launch =
                new Launch(
                        Ports.free(),
                        directory,
                        home,
                        protocol,
                        LabOptions.count(options.serverCpus()),
                        options.jvmOptions());
        return RunningServer.start(peer, launch, options.serverCpus());
    }

    LoadTool tool() {
        return tool;
    }

    Probe probe() {
        return probe;
    }
}
