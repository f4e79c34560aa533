package dev.kestrel.cli;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * {@code kestrel aot-training}: starts servers as {@code serve} does, asks them for something in
 * each way, and ends. The JVM notes what was loaded meanwhile ({@code -XX:AOTCacheOutput}, JEP
 * 514), and later starts find it ready. Part of the build, and not listed in the help.
 */
@Command(name = "aot-training", hidden = true)
final class AotTrainingCommand implements Callable<Integer> {

    /** How long a server may take to start, on a slow machine. */
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    /** RFC 9113 section 3.4, empty SETTINGS, and {@code GET /} for {@code localhost}. */
    private static final byte[] HTTP_2 =
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                            + "\0\0\0\4\0\0\0\0\0"
                            + "\0\0\16\1\5\0\0\0\1\u0082\u0086\u0084\101\11localhost")
                    .getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] HTTP_1 =
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    AotTrainingCommand() {}

    @Override
    public Integer call() throws IOException {
        Path directory = Files.createTempDirectory("kestrel-aot");
        try {
            Path site = Files.createDirectory(directory.resolve("site"));
            Files.writeString(site.resolve("index.html"), "<!doctype html><title>Kestrel</title>");
            int port = start(site);
            ask(connect(port), HTTP_1);
            ask(connect(port), HTTP_2);
        } finally {
            delete(directory);
        }
        // The servers go on otherwise.
        System.exit(0);
        return 0;
    }

    /** Runs {@code serve}; answers the port. */
    private static int start(Path site) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String[] args = {"serve", site.toString(), "--port", Integer.toString(port)};
        Thread.ofVirtual().start(() -> Main.commandLine().execute(args));
        return port;
    }

    private static Socket connect(int port) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return new Socket("localhost", port);
            } catch (IOException e) {
                if (System.nanoTime() - start > PATIENCE) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static void ask(Socket connection, byte[] request) throws IOException {
        try (connection) {
            OutputStream out = connection.getOutputStream();
            out.write(request);
            out.flush();
            // HTTP/2 has no other word for the last request.
            connection.shutdownOutput();
            connection.getInputStream().readAllBytes();
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(directory)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
