package dev.kestrel.tls;

import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestCertificate;
import dev.kestrel.testkit.TestServer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What the tests of TLS have in common. */
final class Tls {

    static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private Tls() {}

    /** A client's engine. */
    static SSLEngine client(String serverName, String... applicationProtocols) {
        SSLEngine engine = TestCertificate.client().createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(applicationProtocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The same for one version of TLS. */
    static SSLEngine client(String serverName, String applicationProtocol, String version) {
        SSLEngine engine = client(serverName, applicationProtocol);
        engine.setEnabledProtocols(new String[] {version});
        return engine;
    }

    /** What a client says first, as records. */
    static byte[] hello(SSLEngine client) throws SSLException {
        client.beginHandshake();
        ByteBuffer record = ByteBuffer.allocate(32 * 1024);
        client.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    /** Stops a server, so that all is counted, and says how many handshakes have failed. */
    static long failedHandshakes(TestServer server) {
        server.server().stop(Duration.ofSeconds(5));
        return server.server().statistics().failedTlsHandshakes();
    }

    /** Sends a request and reads the answer to the end. */
    static String get(MemoryConnection connection) throws IOException {
        connection.write(GET.getBytes(StandardCharsets.US_ASCII));
        return new String(connection.inputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
