package dev.kestrel.tls.boringssl;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.testkit.TestCertificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Shakes hands between two engines, with nothing between them. */
final class Handshakes {

    private static final char[] PASSWORD = "kestrel".toCharArray();

    static final List<String> SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

    private final ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer room = ByteBuffer.allocate(64 * 1024);

    static TlsEngineSettings settings() throws GeneralSecurityException, IOException {
        return settings(EnumSet.allOf(TlsVersion.class), SUITES, List.of("x25519"));
    }

    static TlsEngineSettings settings(
            Set<TlsVersion> versions, List<String> suites, List<String> groups)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = TestCertificate.class.getResourceAsStream("localhost.p12")) {
            store.load(file, PASSWORD);
        }
        PrivateKey key = (PrivateKey) store.getKey(store.aliases().nextElement(), PASSWORD);
        return new TlsEngineSettings(
                key,
                List.of(TestCertificate.certificate()),
                versions,
                suites,
                groups,
                List.of("h2", "http/1.1"),
                ClientCertificateMode.NONE,
                null);
    }

    /** A client's engine; its sessions are resumed when it has a port. */
    static SSLEngine client(int port) {
        SSLEngine client =
                port == 0
                        ? TestCertificate.client().createSSLEngine()
                        : TestCertificate.client().createSSLEngine("localhost", port);
        client.setUseClientMode(true);
        return client;
    }

    /** Ends when both say so and nothing is on its way. */
    void run(SSLEngine client, SSLEngine server) throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        while (!isOver(client) || !isOver(server) || toClient.position() > 0) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
    }

    private static boolean isOver(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
            }
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            default -> unwrap(engine, in, room.clear());
        }
    }

    static SSLEngineResult unwrap(SSLEngine engine, ByteBuffer in, ByteBuffer target)
            throws SSLException {
        in.flip();
        try {
            return engine.unwrap(in, target);
        } finally {
            in.compact();
        }
    }
}
