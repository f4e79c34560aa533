package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs wrk or h2load against a server and reads what they print. */
final class LoadTool {

    private static final Pattern WRK =
            Pattern.compile(
                    "lab requests=(\\d+) micros=(\\d+) p50=(\\d+) p99=(\\d+) p999=(\\d+)"
                            + " status=(\\d+) connect=(\\d+) read=(\\d+) write=(\\d+) timeout=(\\d+)");
    private static final Pattern H2LOAD_RATE = Pattern.compile("finished in \\S+, ([\\d.]+) req/s");
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Pattern H2LOAD_REQUESTS =
            Pattern.compile(
                    "requests: (\\d+) total.* (\\d+) succeeded, (\\d+) failed, (\\d+) errored,"
                            + " (\\d+) timeout");

    private final Path home;
    private final Path directory;
    private final String cores;
    private final int threads;
    private final OwnTools own;

    /** Loads from these cores, of which there are as many as threads. */
    LoadTool(Path home, Path directory, String cores, int threads) {
        this.home = home;
        this.directory = directory;
        this.cores = cores;
        this.threads = threads;
        own = new OwnTools(home, directory, cores, threads);
    }

    /** The tools that are no programs of the system. */
    OwnTools own() {
        return own;
    }

    /** Runs for some seconds; the measurement has what the tool itself saw. */
    Loaded run(Work work, Ports ports, int seconds, Counting counting)
            throws IOException, InterruptedException {
        String uri = work.protocol().uri(ports.of(work.protocol()), work.path());
        return switch (work.load()) {
            case Load.Wrk load -> wrk(load, uri, seconds, counting);
            case Load.H2load load -> h2load(load, uri, seconds, List.of(), counting);
            case Load.Http3 load -> http3(load, ports.https(), work.path(), uri, seconds, counting);
            // How much is half is only known when it is known how much is all.
            case Load.HalfLoad load -> wrk(Load.get(load.connections()), uri, seconds, counting);
            case Load.StartUp load -> throw new IllegalArgumentException(load.toString());
            case Load.Idle load -> throw new IllegalArgumentException(load.toString());
        };
    }

    private Loaded wrk(Load.Wrk load, String uri, int seconds, Counting counting)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Commands.require("wrk"));
        command.add("-t" + Math.min(threads, load.connections()));
        command.add("-c" + load.connections());
        command.add("-d" + seconds + "s");
        command.addAll(List.of("--timeout", "10s"));
        command.addAll(List.of("-s", home.resolve("src/main/lua/load.lua").toString()));
        for (String field : load.fields()) {
            command.addAll(List.of("-H", field));
        }
        command.addAll(List.of(uri, "--", load.method()));
        command.addAll(List.of(Integer.toString(load.bodySize()), Integer.toString(load.depth())));
        String output = counted(command, seconds, counting);
        Matcher found = WRK.matcher(output);
        if (!found.find()) {
            throw new UnavailableException("wrk said " + Commands.tail(output));
        }
        long[] figures = new long[found.groupCount()];
        for (int i = 0; i < figures.length; i++) {
            figures[i] = Long.parseLong(found.group(i + 1));
        }
        long failed = figures[5] + figures[6] + figures[7] + figures[8] + figures[9];
        long requests = figures[0] - figures[5];
        Measurement measured =
                new Measurement()
                        .with(Metric.RATE, requests * 1e6 / figures[1])
                        .with(Metric.FAILED, failed);
        if (load.depth() == 1) {
            // Of pipelined requests wrk has no times that can be used.
            measured.with(Metric.P50, figures[2] / 1e3)
                    .with(Metric.P99, figures[3] / 1e3)
                    .with(Metric.P999, figures[4] / 1e3);
        }
        return new Loaded(requests, measured, output);
    }

    private Loaded http3(
            Load.Http3 load, int port, String path, String uri, int seconds, Counting counting)
            throws IOException, InterruptedException {
        if (!h2loadHasHttp3()) {
            return own.http3(load, port, path, seconds, counting);
        }
        return h2load(
                new Load.H2load(load.connections(), load.streams(), load.bodySize()),
                uri,
                seconds,
                List.of("--alpn-list=h3"),
                counting);
    }

    /** Its help names the options of HTTP/3 even where it was built without. */
    private static boolean h2loadHasHttp3() throws IOException, InterruptedException {
        Path h2load = Commands.find("h2load");
        return h2load != null
                && Commands.find("ldd") != null
                && Commands.output(List.of("ldd", h2load.toString()), ANSWER)
                        .contains("libnghttp3");
    }

    private Loaded h2load(
            Load.H2load load, String uri, int seconds, List<String> options, Counting counting)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Commands.require("h2load"));
        command.addAll(List.of("-D", Integer.toString(seconds)));
        command.addAll(List.of("-t", Integer.toString(Math.min(threads, load.connections()))));
        command.addAll(List.of("-c", Integer.toString(load.connections())));
        command.addAll(List.of("-m", Integer.toString(load.streams())));
        if (load.bodySize() > 0) {
            command.addAll(List.of("-d", body(load.bodySize()).toString()));
        }
        command.addAll(options);
        command.add(uri);
        String output = counted(command, seconds, counting);
        Matcher rate = H2LOAD_RATE.matcher(output);
        Matcher requests = H2LOAD_REQUESTS.matcher(output);
        if (!rate.find() || !requests.find()) {
            throw new UnavailableException("h2load said " + Commands.tail(output));
        }
        long succeeded = Long.parseLong(requests.group(2));
        long failed = Long.parseLong(requests.group(3)) + Long.parseLong(requests.group(5));
        Measurement measured =
                new Measurement()
                        .with(Metric.RATE, Double.parseDouble(rate.group(1)))
                        .with(Metric.FAILED, failed);
        return new Loaded(succeeded, measured, output);
    }

    /** These are programs that need no warming up: they count from their start to their end. */
    private String counted(List<String> command, int seconds, Counting counting)
            throws IOException, InterruptedException {
        counting.begun();
        String output = Commands.output(Commands.pinned(cores, command), Load.limit(seconds));
        counting.ended();
        return output;
    }

    private Path body(int size) throws IOException {
        Path body = directory.resolve("body-" + size);
        if (!Files.exists(body)) {
            Files.writeString(body, "x".repeat(size));
        }
        return body;
    }

    /**
     * What a tool saw.
     *
     * @param requests how many were answered well while it counted
     * @param measurement its figures
     * @param output all that it printed
     */
    record Loaded(long requests, Measurement measurement, String output) {}
}
