package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.TestCertificate;
import dev.kestrel.testkit.UdpSockets;

import io.netty.channel.epoll.Epoll;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * All tests here run twice: with the threads of the JDK, and with loops that carry them. This says
 * that the second time is what it is meant to be, and that HTTP/3 has the threads of the sockets.
 */
@Timeout(30)
class ThreadsTest {

    @Test
    @EnabledIfSystemProperty(named = "dev.kestrel.conformance.loops", matches = "true")
    void loopsCarryTheThreads() throws IOException {
        CompletableFuture<String> carrier = new CompletableFuture<>();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (KestrelServer server =
                        KestrelServer.builder()
                                .listen(anyPort)
                                .handler(ctx -> carrier.complete(Thread.currentThread().toString()))
                                .start();
                Socket client = new Socket(anyPort.getAddress(), server.port())) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
            // VirtualThread[#1,name]/runnable@carrier
            assertThat(carrier.join()).startsWith("VirtualThread").contains("@kestrel-loop-");
        }
    }

    /** "Who waits for sockets and carries connections, those of HTTP/3 too", and how many loops. */
    @Test
    @EnabledIfSystemProperty(named = "dev.kestrel.conformance.loops", matches = "true")
    void theLoopsOfHttp3AreAsManyAsThoseOfTheSockets() throws Exception {
        assertThat(carrierOfHttp3(sockets -> sockets.loops(3), 3)).startsWith("kestrel-loop-");
        assertThat(carrierOfHttp3(sockets -> {}, Runtime.getRuntime().availableProcessors()))
                .startsWith("kestrel-loop-");
    }

    @Test
    void portableThreadsAreThoseOfHttp3() throws Exception {
        int eventLoops = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
        assertThat(
                        carrierOfHttp3(
                                sockets -> sockets.threads(SocketThreads.PORTABLE).loops(3),
                                eventLoops))
                .startsWith("ForkJoinPool");
    }

    /** Which platform thread carries a request, and with how many sockets HTTP/3 is served. */
    private static String carrierOfHttp3(
            Consumer<SocketTransportOptions.Builder> sockets, int expected) throws Exception {
        Http3Server.findLibrary();
        CompletableFuture<String> thread = new CompletableFuture<>();
        try (KestrelServer server =
                        KestrelServer.builder()
                                .sockets(sockets)
                                .listen(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                        endPoint ->
                                                endPoint.https(TestCertificate.server())
                                                        .protocols(
                                                                HttpVersion.HTTP_2,
                                                                HttpVersion.HTTP_3))
                                .handler(ctx -> thread.complete(Thread.currentThread().toString()))
                                .start();
                NettyHttp3Client client = NettyHttp3Client.connect(server.port())) {
            assertThat(client.get("/").fields().status().toString()).isEqualTo("200");
            if (Epoll.isAvailable() && UdpSockets.areKnown()) {
                assertThat(UdpSockets.on(server.port())).isEqualTo(expected);
            }
            String name = thread.join();
            return name.substring(name.indexOf('@') + 1);
        }
    }
}
