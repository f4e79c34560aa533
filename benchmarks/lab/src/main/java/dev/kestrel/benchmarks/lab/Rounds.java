package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does a work: all servers, in turns, so that what changes on the machine changes for all. */
final class Rounds {

    private static final double MEGABYTE = 1e6;

    /** When there is no server on a JVM to ask. */
    private static final double DEFAULT_RATE = 20_000;

    private final LabOptions options;
    private final Bench bench;
    private final Map<String, String> notes = new LinkedHashMap<>();

    Rounds(LabOptions options, Bench bench) {
        this.options = options;
        this.bench = bench;
    }

    /** What the servers said of themselves. */
    Map<String, String> notes() {
        return notes;
    }

    /** Servers that can not do it, or that fail, have a result that says so. */
    List<Result> run(Work work, List<Peer> peers) throws InterruptedException {
        Map<Peer, Result> results = new LinkedHashMap<>();
        List<Peer> able = new ArrayList<>();
        for (Peer peer : peers) {
            if (peer.isForStartUpAlone() && !(work.load() instanceof Load.StartUp)) {
                continue;
            }
            Result result = new Result(peer.name());
            results.put(peer, result);
            if (peer.can(work)) {
                able.add(peer);
            } else {
                result.fail("does not do this");
            }
        }
        if (work.load().isTimed()) {
            timed(work, able, results);
        } else {
            fresh(work, able, results);
        }
        return List.copyOf(results.values());
    }

    /** The servers stay for all rounds, warm. */
    private void timed(Work work, List<Peer> peers, Map<Peer, Result> results)
            throws InterruptedException {
        Map<Peer, RunningServer> servers = new LinkedHashMap<>();
        try {
            for (Peer peer : peers) {
                attempt(
                        work,
                        peer,
                        results,
                        "warming up",
                        result -> {
                            RunningServer server = bench.start(peer, work);
                            servers.put(peer, server);
                            bench.probe().check(server, work.protocol(), work.path());
                            notes.put(peer.name(), server.note());
                            bench.tool()
                                    .run(
                                            work,
                                            server.ports(),
                                            options.warmup(),
                                            Counting.UNOBSERVED);
                        });
            }
            double half = work.load() instanceof Load.HalfLoad ? half(work, servers, results) : 0;
            for (int round = 1; round <= options.rounds(); round++) {
                for (Map.Entry<Peer, RunningServer> each : servers.entrySet()) {
                    Peer peer = each.getKey();
                    attempt(
                            work,
                            peer,
                            results,
                            "round " + round,
                            result -> result.add(measure(work, each.getValue(), half)));
                }
            }
        } finally {
            servers.values().forEach(RunningServer::close);
        }
    }

    /** Half of what the slowest server on a JVM answers in a second when it is asked for more. */
    private double half(Work work, Map<Peer, RunningServer> servers, Map<Peer, Result> results)
            throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (Map.Entry<Peer, RunningServer> each : servers.entrySet()) {
            if (each.getKey().jvm()) {
                attempt(
                        work,
                        each.getKey(),
                        results,
                        "finding its limit",
                        result ->
                                rates.add(
                                        bench.tool()
                                                .run(
                                                        work,
                                                        each.getValue().ports(),
                                                        options.seconds(),
                                                        Counting.UNOBSERVED)
                                                .measurement()
                                                .get(Metric.RATE)));
            }
        }
        return rates.stream().mapToDouble(rate -> rate).min().orElse(DEFAULT_RATE) / 2;
    }

    private LoadTool.Loaded load(Work work, RunningServer server, double rate, Counting counting)
            throws IOException, InterruptedException {
        return work.load() instanceof Load.HalfLoad load
                ? bench.tool()
                        .own()
                        .paced(
                                load,
                                server.ports().of(work.protocol()),
                                work.path(),
                                rate,
                                options.seconds(),
                                counting)
                : bench.tool().run(work, server.ports(), options.seconds(), counting);
    }

    private Measurement measure(Work work, RunningServer server, double rate)
            throws IOException, InterruptedException {
        Usage usage = new Usage(server);
        LoadTool.Loaded loaded = load(work, server, rate, usage);
        if (loaded.requests() == 0) {
            throw new UnavailableException("no request succeeded: " + loaded.output());
        }
        Measurement measurement =
                loaded.measurement()
                        .with(
                                Metric.PEAK,
                                ProcessFigures.peakResidentBytes(server.handle()) / MEGABYTE);
        usage.addTo(measurement, loaded.requests());
        return measurement;
    }

    /** Each turn has a process of its own. */
    private void fresh(Work work, List<Peer> peers, Map<Peer, Result> results)
            throws InterruptedException {
        for (int round = 1; round <= options.rounds(); round++) {
            for (Peer peer : peers) {
                attempt(
                        work,
                        peer,
                        results,
                        "round " + round,
                        result -> {
                            try (RunningServer server = bench.start(peer, work)) {
                                result.add(once(work, server));
                                notes.put(peer.name(), server.note());
                            }
                        });
            }
        }
    }

    private static Measurement once(Work work, RunningServer server)
            throws IOException, InterruptedException {
        double first = server.awaitFirstResponse(work.path()).toNanos() / 1e6;
        if (work.load() instanceof Load.Idle(int connections)) {
            return idle(server, connections);
        }
        return new Measurement()
                .with(Metric.FIRST_RESPONSE, first)
                .with(Metric.RESIDENT, ProcessFigures.residentBytes(server.handle()) / MEGABYTE);
    }

    private static Measurement idle(RunningServer server, int connections)
            throws IOException, InterruptedException {
        try (IdleConnections idle = new IdleConnections()) {
            // The first ones pay for what all share.
            idle.open(server.ports().http(), 100);
            server.collectGarbage();
            double before = ProcessFigures.residentBytes(server.handle());
            idle.open(server.ports().http(), connections);
            server.collectGarbage();
            double after = ProcessFigures.residentBytes(server.handle());
            return new Measurement()
                    .with(Metric.PER_CONNECTION, (after - before) / connections / 1e3)
                    .with(Metric.RESIDENT, after / MEGABYTE)
                    .with(Metric.FAILED, idle.lost());
        }
    }

    private static void attempt(
            Work work, Peer peer, Map<Peer, Result> results, String what, Step step)
            throws InterruptedException {
        Result result = results.get(peer);
        if (result == null || result.failure() != null) {
            return;
        }
        System.err.println(work.id() + ": " + peer.name() + ", " + what);
        try {
            step.run(result);
        } catch (IOException | RuntimeException e) {
            result.fail(what + ": " + Commands.tail(reason(e)));
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return e instanceof UnavailableException && message != null ? message : e.toString();
    }

    /** Something that a server may fail at. */
    @FunctionalInterface
    private interface Step {

        void run(Result result) throws IOException, InterruptedException;
    }
}
