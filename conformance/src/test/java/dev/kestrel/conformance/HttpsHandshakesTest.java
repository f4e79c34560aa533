package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.options.HttpsOptions;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;
import dev.kestrel.testkit.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A thousand handshakes at once, good ones and others: the good ones are served. */
@Timeout(120)
class HttpsHandshakesTest {

    private static final int CLIENTS = 1000;

    @Test
    void goodAndFailingHandshakesAtOnce() throws Exception {
        try (DiagnosticMemoryPool pool = new DiagnosticMemoryPool()) {
            HttpsOptions https =
                    HttpsOptions.builder()
                            .certificate(TestCertificate.server())
                            .handshakeTimeout(Duration.ofMinutes(1))
                            .build();
            KestrelServer server =
                    KestrelServer.builder()
                            .memoryPool(pool)
                            .listen(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    endPoint -> endPoint.https(https))
                            .handler(ctx -> ctx.response().send("hello"))
                            .start();
            try (server;
                    ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                CountDownLatch begin = new CountDownLatch(1);
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    int kind = i;
                    running.add(
                            clients.submit(
                                    () -> {
                                        begin.await();
                                        connect(server.port(), kind);
                                        return null;
                                    }));
                }
                begin.countDown();
                for (Future<?> client : running) {
                    client.get();
                }
                server.stop(Duration.ofSeconds(20));
                assertThat(server.statistics().openConnections()).isZero();
                assertThat(server.statistics().failedTlsHandshakes()).isEqualTo(CLIENTS / 2);
                assertThat(server.statistics().tlsHandshakes()).isEqualTo(CLIENTS / 2);
            }
            pool.assertAllReturned();
            pool.assertSound();
        }
    }

    /** Every second client is a good one. */
    private static void connect(int port, int kind) throws IOException {
        switch (kind % 8) {
            case 1 -> send(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            case 3 -> send(port, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003");
            case 5 -> send(port, "\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000");
            case 7 -> refused(port);
            default -> good(port);
        }
    }

    private static void good(int port) throws IOException {
        try (SSLSocket socket = secure(port, "http/1.1")) {
            OutputStream out = socket.getOutputStream();
            out.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes()))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("hello");
        }
    }

    private static void refused(int port) throws IOException {
        try (SSLSocket socket = secure(port, "unknown")) {
            socket.startHandshake();
            throw new AssertionError("Nobody speaks that");
        } catch (SSLHandshakeException e) {
            assertThat(e).hasMessageContaining("no_application_protocol");
        }
    }

    private static SSLSocket secure(int port, String protocol) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        TestCertificate.client()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** Says something that is no ClientHello, or a part of one, and no more. */
    private static void send(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }
}
