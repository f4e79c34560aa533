package dev.kestrel.benchmarks.lab.clients;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads a server over HTTP/1.1 with a steady number of requests a second, and prints what it saw.
 * Times are counted from when a request was due, so that a server that makes requests wait is not
 * spared those that could not be sent meanwhile.
 */
public final class PacedLoad {

    private PacedLoad() {}

    /**
     * Arguments: port, path, connections, requests a second, length that answers must have,
     * threads, seconds before it counts, seconds that it counts.
     */
    public static void main(String... args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[2]);
        double rate = Double.parseDouble(args[3]);
        int expected = Integer.parseInt(args[4]);
        int threads = Math.min(count, Integer.parseInt(args[5]));
        double warmUp = Double.parseDouble(args[6]);
        double seconds = Double.parseDouble(args[7]);
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        byte[] request =
                ("GET " + args[1] + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        List<PacedLoop> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int own = count / threads + (i < count % threads ? 1 : 0);
            loops.add(
                    new PacedLoop(server, request, expected, own, rate / threads, warmUp, seconds));
        }
        Tally all = new Tally();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Tally>> running = loops.stream().map(executor::submit).toList();
            Thread.sleep((long) (warmUp * 1000));
            System.out.println(Tally.BEGUN);
            Thread.sleep((long) (seconds * 1000));
            System.out.println(Tally.ENDED);
            for (Future<Tally> each : running) {
                all.add(each.get());
            }
        }
        all.print(System.out, (long) (seconds * 1e9));
    }
}
