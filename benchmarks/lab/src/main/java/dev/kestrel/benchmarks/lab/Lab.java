package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program: runs servers side by side and writes tables. {@code benchmarks/lab/run} starts it.
 */
public final class Lab {

    private Lab() {}

    /** Arguments: the directory of the lab, and then the options. */
    public static void main(String... args) throws Exception {
        LabOptions options;
        List<Peer> peers;
        List<Work> works;
        try {
            options = LabOptions.parse(Arrays.asList(args).subList(1, args.length));
            peers = options.peers();
            works = options.works();
        } catch (IllegalArgumentException e) {
            System.err.println("lab: " + e.getMessage() + "\n\n" + LabOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(LabOptions.USAGE);
            return;
        }
        if (options.list()) {
            peers.forEach(peer -> System.out.println("server  " + peer.name()));
            works.forEach(work -> System.out.printf("work    %-22s %s%n", work.id(), work.title()));
            return;
        }
        Path home = Path.of(args[0]);
        Path directory = Files.createTempDirectory("lab");
        // Also when it is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "cleaner"));
        Bench bench = new Bench(home, directory, options);
        if (options.check()) {
            System.exit(check(bench, peers) ? 0 : 1);
        }
        measure(bench, options, peers, works, home);
    }

    private static void measure(
            Bench bench, LabOptions options, List<Peer> peers, List<Work> works, Path home)
            throws IOException, InterruptedException {
        Report report = new Report(home.resolveSibling("results"));
        report.add(Report.head(options));
        Rounds rounds = new Rounds(options, bench);
        for (Work work : works) {
            report.add(new Table(work, rounds.run(work, peers)).markdown());
        }
        report.add(Report.servers(rounds.notes(), home.resolve("target/lib")));
        System.err.println("lab: written to " + report.file());
    }

    /** Asks for everything that a server is said to do; a line for each that fails. */
    private static boolean check(Bench bench, List<Peer> peers) throws InterruptedException {
        boolean good = true;
        for (Peer peer : peers) {
            if (peer.isForStartUpAlone()) {
                continue;
            }
            int answered = 0;
            for (Protocol protocol : peer.protocols().stream().sorted().toList()) {
                try (RunningServer server = bench.start(peer, protocol, List.of())) {
                    for (String path : peer.paths().stream().sorted().toList()) {
                        try {
                            bench.probe().check(server, protocol, path);
                            answered++;
                        } catch (IOException e) {
                            System.out.printf("%s, %s: %s%n", peer.name(), protocol, e);
                            good = false;
                        }
                    }
                } catch (AbsentException e) {
                    System.out.printf(
                            "%s, %s: skipped: %s%n", peer.name(), protocol, e.getMessage());
                } catch (IOException e) {
                    System.out.printf("%s, %s: %s%n", peer.name(), protocol, e.getMessage());
                    good = false;
                }
            }
            System.out.printf("%s: %d right answers%n", peer.name(), answered);
        }
        return good;
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("lab: not all of " + directory + " could be deleted: " + e);
        }
    }
}
