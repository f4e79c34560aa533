package dev.kestrel.benchmarks.lab.clients;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests at a steady pace, however fast they are answered, over connections in turns. Does
 * not sleep, so that it is never late of itself: a core is its own.
 */
final class PacedLoop implements Callable<Tally> {

    /** How long the last requests may take. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Tally tally = new Tally();
    private final Selector selector = Selector.open();
    private final List<PacedConnection> connections = new ArrayList<>();
    private final double interval;
    private final double warmUp;
    private final double seconds;

    /**
     * Connects.
     *
     * @param rate how many requests a second
     * @param warmUp for so many seconds they do not count
     * @param seconds and for so many they do
     */
    PacedLoop(
            SocketAddress server,
            byte[] request,
            int expected,
            int count,
            double rate,
            double warmUp,
            double seconds)
            throws IOException {
        for (int i = 0; i < count; i++) {
            connections.add(new PacedConnection(selector, server, request, expected, tally));
        }
        interval = 1e9 / rate;
        this.warmUp = warmUp;
        this.seconds = seconds;
    }

    @Override
    public Tally call() throws IOException {
        long start = System.nanoTime();
        long begin = start + (long) (warmUp * 1e9);
        long end = begin + (long) (seconds * 1e9);
        long sent = 0;
        long due = start;
        while (true) {
            long now = System.nanoTime();
            while (due - now <= 0 && due - end < 0) {
                connections.get((int) (sent % connections.size())).request(due);
                sent++;
                due = start + (long) (sent * interval);
            }
            if (due - end >= 0 && (isAnswered() || now - end > PATIENCE)) {
                break;
            }
            selector.selectNow(key -> read(key, begin));
        }
        for (PacedConnection connection : connections) {
            tally.failed(connection.unanswered());
            connection.close();
        }
        selector.close();
        return tally;
    }

    private boolean isAnswered() {
        return connections.stream().allMatch(connection -> connection.unanswered() == 0);
    }

    private void read(SelectionKey key, long begin) {
        try {
            if (key.attachment() instanceof PacedConnection connection) {
                connection.read(begin);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
