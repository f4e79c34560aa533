package dev.kestrel.conformance;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;
import dev.kestrel.testkit.TestCertificate;

import io.netty.handler.codec.quic.Quic;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server over QUIC on a port of the loopback interface, with a pool that finds leaks. */
final class Http3Server implements AutoCloseable {

    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private final KestrelServer server;

    Http3Server(HttpHandler handler) throws IOException {
        server =
                KestrelServer.builder()
                        .memoryPool(pool)
                        .listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                endPoint ->
                                        endPoint.https(TestCertificate.server())
                                                .protocols(
                                                        HttpVersion.HTTP_1_1,
                                                        HttpVersion.HTTP_2,
                                                        HttpVersion.HTTP_3))
                        .handler(handler)
                        .start();
    }

    /** Skips tests where the library of QUIC is missing. */
    static void findLibrary() {
        Assumptions.assumeTrue(
                Quic.isAvailable(), () -> "QUIC does not work here: " + Quic.unavailabilityCause());
    }

    KestrelServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        pool.close();
    }
}
