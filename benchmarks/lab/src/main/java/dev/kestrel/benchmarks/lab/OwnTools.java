package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.LoadTool.Loaded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load programs of the lab itself, each a JVM on the client's cores. Before they count they
 * warm up: what a client that is still compiled sends says little about a server.
 */
final class OwnTools {

    private static final Pattern RESULT =
            Pattern.compile(
                    "lab answered=(\\d+) counted=(\\d+) nanos=(\\d+) failed=(\\d+)"
                            + " p50=(\\d+) p99=(\\d+) p999=(\\d+)");
    private static final String BEGUN = "lab counting";
    private static final String ENDED = "lab counted";
    private static final int WARM_UP_SECONDS = 6;

    private final Path home;
    private final Path directory;
    private final String cores;
    private final int threads;

    OwnTools(Path home, Path directory, String cores, int threads) {
        this.home = home;
        this.directory = directory;
        this.cores = cores;
        this.threads = threads;
    }

    /** For some seconds. */
    Loaded http3(Load.Http3 load, int port, String path, int seconds, Counting counting)
            throws IOException, InterruptedException {
        return http3(
                load,
                port,
                path,
                seconds,
                counting,
                Integer.toString(WARM_UP_SECONDS),
                Integer.toString(seconds));
    }

    /** Until each connection has so many answers. */
    Loaded http3(Load.Http3 load, int port, String path, long requests)
            throws IOException, InterruptedException {
        return http3(load, port, path, 0, Counting.UNOBSERVED, "0", "0", Long.toString(requests));
    }

    private Loaded http3(
            Load.Http3 load,
            int port,
            String path,
            int seconds,
            Counting counting,
            String... duration)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(port));
        arguments.add(path);
        arguments.add(Integer.toString(load.connections()));
        arguments.add(Integer.toString(load.streams()));
        arguments.add(Integer.toString(load.bodySize()));
        arguments.add(Integer.toString(Probe.expected(path).length));
        arguments.add(directory.resolve("chain.pem").toString());
        arguments.add(Integer.toString(Math.min(threads, load.connections())));
        arguments.addAll(Arrays.asList(duration));
        return run(
                "Http3Load",
                Jars.quicClassPath(home, List.of("netty-")),
                arguments,
                seconds,
                counting);
    }

    /** So many requests a second. */
    Loaded paced(
            Load.HalfLoad load, int port, String path, double rate, int seconds, Counting counting)
            throws IOException, InterruptedException {
        List<String> arguments =
                List.of(
                        Integer.toString(port),
                        path,
                        Integer.toString(load.connections()),
                        Double.toString(rate),
                        Integer.toString(Probe.expected(path).length),
                        Integer.toString(threads),
                        Integer.toString(WARM_UP_SECONDS),
                        Integer.toString(seconds));
        return run("PacedLoad", Jars.classPath(home, List.of()), arguments, seconds, counting);
    }

    private Loaded run(
            String program,
            String classPath,
            List<String> arguments,
            int seconds,
            Counting counting)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Jars.java());
        command.addAll(List.of("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC"));
        command.add("-XX:+UseCompactObjectHeaders");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(List.of("--class-path", classPath));
        command.add("dev.kestrel.benchmarks.lab.clients." + program);
        command.addAll(arguments);
        String output =
                Commands.output(
                        Commands.pinned(cores, command),
                        Load.limit(WARM_UP_SECONDS + seconds),
                        line -> {
                            if (line.equals(BEGUN)) {
                                counting.begun();
                            } else if (line.equals(ENDED)) {
                                counting.ended();
                            }
                        });
        Matcher found = RESULT.matcher(output);
        if (!found.find()) {
            throw new UnavailableException(program + " said " + Commands.tail(output));
        }
        double[] figures = new double[found.groupCount()];
        for (int i = 0; i < figures.length; i++) {
            figures[i] = Double.parseDouble(found.group(i + 1));
        }
        Measurement measured = new Measurement().with(Metric.FAILED, figures[3]);
        boolean timed = figures[2] > 0;
        if (timed) {
            measured.with(Metric.RATE, figures[1] * 1e9 / figures[2])
                    .with(Metric.P50, figures[4] / 1e6)
                    .with(Metric.P99, figures[5] / 1e6)
                    .with(Metric.P999, figures[6] / 1e6);
        }
        return new Loaded((long) figures[timed ? 1 : 0], measured, output);
    }
}
