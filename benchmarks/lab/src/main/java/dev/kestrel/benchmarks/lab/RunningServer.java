package dev.kestrel.benchmarks.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server's process, from its start to its end. Owned by the thread that runs the lab. */
final class RunningServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Peer peer;
    private final Ports ports;
    private final Process process;
    private final Path errors;
    private final Thread killer;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final long started;
    private String note = "";

    private RunningServer(Peer peer, Ports ports, Process process, Path errors, long started) {
        this.peer = peer;
        this.ports = ports;
        this.process = process;
        this.errors = errors;
        this.started = started;
        // When the lab is interrupted, its servers go with it.
        killer = new Thread(process::destroyForcibly, "killer of " + peer.name());
        Runtime.getRuntime().addShutdownHook(killer);
        Thread.ofVirtual().start(this::collect);
    }

    /** Starts a server and waits until it takes connections. */
    static RunningServer start(Peer peer, Launch launch, String cores)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile(launch.directory(), peer.name(), ".err");
        ProcessBuilder builder =
                new ProcessBuilder(Commands.pinned(cores, peer.starter().command(launch)))
                        .redirectError(errors.toFile());
        long started = System.nanoTime();
        RunningServer server =
                new RunningServer(peer, launch.ports(), builder.start(), errors, started);
        try {
            server.awaitPort(launch.ports().of(launch.protocol()));
            if (launch.protocol() == Protocol.HTTPS_3) {
                // Whether a UDP port is open can not be seen; servers say when they are ready.
                server.note();
            }
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private void awaitPort(int port) throws IOException, InterruptedException {
        while (System.nanoTime() - started < PATIENCE.toNanos()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new UnavailableException(
                            "it ended: " + Commands.tail(Files.readString(errors)));
                }
                Thread.sleep(1);
            }
        }
        throw new UnavailableException("it did not listen within " + PATIENCE.toSeconds() + " s");
    }

    /** Sends a request until it is answered, and returns how long after the start that was. */
    Duration awaitFirstResponse(String path) throws IOException {
        byte[] request =
                ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.http())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request);
            InputStream in = socket.getInputStream();
            byte[] begin = in.readNBytes(12);
            Duration duration = Duration.ofNanos(System.nanoTime() - started);
            if (!new String(begin, StandardCharsets.ISO_8859_1).endsWith(" 200")) {
                throw new UnavailableException("the first request was not answered with 200");
            }
            return duration;
        }
    }

    Peer peer() {
        return peer;
    }

    Ports ports() {
        return ports;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** What the server says of itself. */
    String note() throws IOException, InterruptedException {
        if (peer.jvm() && note.isEmpty()) {
            note = answer("note ");
        }
        return note;
    }

    /** Bytes allocated since the start; negative when that is not known. */
    long allocatedBytes() throws IOException, InterruptedException {
        return peer.jvm() ? Long.parseLong(ask("allocated", "allocated ")) : -1;
    }

    /** Has the server collect its garbage, when it has any. */
    void collectGarbage() throws IOException, InterruptedException {
        if (peer.jvm()) {
            ask("gc", "gc ");
        }
    }

    private String ask(String question, String prefix) throws IOException, InterruptedException {
        OutputStream out = process.getOutputStream();
        out.write((question + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return answer(prefix);
    }

    private String answer(String prefix) throws IOException, InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new UnavailableException(
                        "it does not answer: " + Commands.tail(Files.readString(errors)));
            }
            if (line.startsWith("note ")) {
                note = line.substring(5);
            }
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
            }
        }
    }

    private void collect() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // The process is gone; whoever asks next learns that.
        }
    }

    /** Asks the server to end, as one that had its time does, and waits until it has. */
    void end(Duration limit) throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new UnavailableException("it did not end within " + limit.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new UnavailableException("it failed: " + Commands.tail(Files.readString(errors)));
        }
    }

    @Override
    public void close() {
        ProcessHandle handle = process.toHandle();
        var children = handle.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The hook runs just now, which does as well.
        }
    }
}
