package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * All tests here run twice: with the threads of the JDK, and with loops that carry them. This says
 * that the second time is what it is meant to be.
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
}
