package dev.kestrel.server;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.http.HttpContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server with one loop, whose handlers do what event loops forbid. */
@Timeout(60)
class LoopsServerTest {

    private final AtomicBoolean released = new AtomicBoolean();
    private final CountDownLatch spinning = new CountDownLatch(1);

    @Test
    void aHandlerThatComputesDelaysNoOtherConnection() throws Exception {
        try (KestrelServer server =
                        KestrelServer.builder()
                                .listen(0)
                                .sockets(sockets -> sockets.threads(SocketThreads.LOOPS).loops(1))
                                .handler(this::answer)
                                .start();
                Socket early = connect(server);
                Socket busy = connect(server)) {
            assertThat(ask(early, "/")).endsWith("quick");
            busy.getOutputStream().write(request("/busy"));
            spinning.await();
            // On a connection that was there, and on a new one.
            assertThat(ask(early, "/")).endsWith("quick");
            try (Socket late = connect(server)) {
                assertThat(ask(late, "/")).endsWith("quick");
            }
            released.set(true);
            assertThat(answerOf(busy)).endsWith("spun ");
        }
    }

    private void answer(HttpContext context) throws IOException {
        if (context.request().path().equals("/busy")) {
            spinning.countDown();
            while (!released.get()) {
                Thread.onSpinWait();
            }
            context.response().send("spun ");
        } else {
            context.response().send("quick");
        }
    }

    private static Socket connect(KestrelServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
    }

    private static String ask(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(request(path));
        return answerOf(socket);
    }

    /** All answers have five bytes of content. */
    private static String answerOf(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) socket.getInputStream().read());
        }
        return text.append(new String(socket.getInputStream().readNBytes(5), US_ASCII)).toString();
    }
}
