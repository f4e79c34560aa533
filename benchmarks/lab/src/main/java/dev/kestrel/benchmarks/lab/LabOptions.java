package dev.kestrel.benchmarks.lab;

import java.util.Arrays;
import java.util.List;

/** What the command line says. Changed while it is read, and not afterwards. */
final class LabOptions {

    static final String USAGE =
            """
            benchmarks/lab/run [options]

              --servers A,B       which servers (all)
              --work A,B          which work; "h2c" is all whose name begins so (all)
              --list              names of servers and work
              --check             asks each server for everything it can do, measures nothing
              --quick             2 rounds of 3 s after 1 s of warm-up: does it work?
              --rounds N          how often each server has its turn (5)
              --seconds N         how long a turn is (10)
              --warmup N          seconds of load before the first turn (20)
              --server-cpus LIST  cores of the servers, as taskset wants them (the first half)
              --client-cpus LIST  cores of the load (the other half)
              --jvm-options TEXT  for the servers on a JVM; collector and heap are the same for all
            """;

    private List<String> servers = List.of();
    private List<String> work = List.of();
    private boolean list;
    private boolean check;
    private boolean help;
    private int rounds = 5;
    private int seconds = 10;
    private int warmup = 20;
    private String serverCpus;
    private String clientCpus;
    private String jvmOptions =
            "-Xmx1g -XX:+UseG1GC -XX:+UseCompactObjectHeaders"
                    + " --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED";

    private LabOptions() {
        int all = Runtime.getRuntime().availableProcessors();
        serverCpus = all == 1 ? "" : all == 2 ? "0" : "0-" + (all / 2 - 1);
        clientCpus = all == 1 ? "" : all == 2 ? "1" : all / 2 + "-" + (all - 1);
    }

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException when one is not known
     */
    static LabOptions parse(List<String> arguments) {
        LabOptions options = new LabOptions();
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            switch (name) {
                case "--list" -> options.list = true;
                case "--check" -> options.check = true;
                case "--help", "-h" -> options.help = true;
                case "--quick" -> {
                    options.rounds = 2;
                    options.seconds = 3;
                    options.warmup = 1;
                }
                default -> {
                    if (++i == arguments.size()) {
                        throw new IllegalArgumentException(name + ": unknown, or needs a value");
                    }
                    options.set(name, arguments.get(i));
                }
            }
        }
        return options;
    }

    private void set(String name, String value) {
        switch (name) {
            case "--servers" -> servers = List.of(value.split(","));
            case "--work" -> work = List.of(value.split(","));
            case "--rounds" -> rounds = Integer.parseInt(value);
            case "--seconds" -> seconds = Integer.parseInt(value);
            case "--warmup" -> warmup = Integer.parseInt(value);
            case "--server-cpus" -> serverCpus = value;
            case "--client-cpus" -> clientCpus = value;
            case "--jvm-options" -> jvmOptions = value;
            default -> throw new IllegalArgumentException("unknown option " + name);
        }
    }

    List<Peer> peers() {
        List<Peer> all = Peers.all();
        List<String> names = all.stream().map(Peer::name).toList();
        servers.stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new IllegalArgumentException("no server is called " + name);
                        });
        return servers.isEmpty()
                ? all
                : all.stream().filter(peer -> servers.contains(peer.name())).toList();
    }

    List<Work> works() {
        List<Work> chosen =
                Works.all().stream()
                        .filter(each -> work.isEmpty() || work.stream().anyMatch(id(each)))
                        .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no work is called " + String.join(", ", work));
        }
        return chosen;
    }

    private static java.util.function.Predicate<String> id(Work work) {
        return name -> work.id().equals(name) || work.id().startsWith(name + "-");
    }

    boolean list() {
        return list;
    }

    boolean check() {
        return check;
    }

    boolean help() {
        return help;
    }

    int rounds() {
        return rounds;
    }

    int seconds() {
        return seconds;
    }

    int warmup() {
        return warmup;
    }

    String serverCpus() {
        return serverCpus;
    }

    String clientCpus() {
        return clientCpus;
    }

    List<String> jvmOptions() {
        return Arrays.stream(jvmOptions.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** How many cores a list as {@code 0-2,5} names; all of them when it is empty. */
    static int count(String cpus) {
        if (cpus.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        int count = 0;
        for (String range : cpus.split(",")) {
            String[] ends = range.split("-");
            count +=
                    ends.length == 1
                            ? 1
                            : Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}
