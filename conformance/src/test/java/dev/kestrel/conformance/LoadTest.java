package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many clients at once, well and badly behaved, bounded in number: every answer is the right one,
 * and in the end every block of memory is back.
 */
@Timeout(120)
class LoadTest {

    private static final int CLIENTS = 64;
    private static final int ROUNDS = 30;
    private static final int PIPELINED = 16;

    @Test
    void wellBehavedAndOtherClientsAtOnce() throws Exception {
        try (DiagnosticMemoryPool pool = new DiagnosticMemoryPool()) {
            KestrelServer server =
                    KestrelServer.builder()
                            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .memoryPool(pool)
                            .handler(LoadTest::answer)
                            .start();
            try (server;
                    ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    Random random = new Random(i);
                    running.add(
                            clients.submit(
                                    () -> {
                                        steady(server.port(), random);
                                        return null;
                                    }));
                    running.add(
                            clients.submit(
                                    () -> {
                                        rude(server.port(), random);
                                        return null;
                                    }));
                }
                for (Future<?> client : running) {
                    client.get();
                }
                server.stop(Duration.ofSeconds(10));
                assertThat(server.statistics().openConnections()).isZero();
            }
            pool.assertAllReturned();
            pool.assertSound();
        }
    }

    /** The target's last part says how many bytes to answer; a body is answered with its length. */
    private static void answer(HttpContext ctx) throws IOException {
        String path = ctx.request().path();
        if (ctx.request().method().equals("POST")) {
            ctx.response()
                    .send(
                            "got "
                                    + ctx.request()
                                            .inputStream()
                                            .transferTo(OutputStream.nullOutputStream()));
            return;
        }
        int size = Integer.parseInt(path.substring(1));
        OutputStream out = ctx.response().contentLength(size).outputStream();
        byte[] piece = new byte[1000];
        for (int left = size; left > 0; left -= piece.length) {
            out.write(piece, 0, Math.min(left, piece.length));
        }
    }

    private static void steady(int port, Random random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder requests = new StringBuilder();
                int[] sizes = new int[PIPELINED];
                for (int i = 0; i < PIPELINED; i++) {
                    sizes[i] = random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(50);
                    requests.append("GET /" + sizes[i] + " HTTP/1.1\r\nHost: x\r\n\r\n");
                }
                byte[] body = new byte[random.nextInt(60_000)];
                requests.append(
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n");
                send(socket, requests.toString());
                socket.getOutputStream().write(body);
                for (int size : sizes) {
                    assertThat(readResponse(in)).hasSize(size);
                }
                assertThat(new String(readResponse(in), StandardCharsets.US_ASCII))
                        .isEqualTo("got " + body.length);
            }
        }
    }

    /** Leaves in the middle of a head, of a body, or of the answer, or sends what is no request. */
    private static void rude(int port, Random random) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                switch (random.nextInt(4)) {
                    case 0 -> send(socket, "GET /10 HTTP/1.1\r\nHost:");
                    case 1 ->
                            send(
                                    socket,
                                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\npart");
                    case 2 -> {
                        send(socket, "GET /3000000 HTTP/1.1\r\nHost: x\r\n\r\n");
                        assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
                    }
                    default -> {
                        send(socket, "no request\r\n\r\n");
                        assertThat(
                                        new String(
                                                socket.getInputStream().readNBytes(12),
                                                StandardCharsets.US_ASCII))
                                .isEqualTo("HTTP/1.1 400");
                    }
                }
                if (random.nextBoolean()) {
                    // A reset instead of an orderly end.
                    socket.setSoLinger(true, 0);
                }
            }
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] readResponse(InputStream in) throws IOException {
        int length = -1;
        String first = readLine(in);
        assertThat(first).isEqualTo("HTTP/1.1 200 OK");
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring("Content-Length: ".length()));
            }
        }
        assertThat(length).isNotNegative();
        return in.readNBytes(length);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("The answer ended after: " + line);
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }
}
