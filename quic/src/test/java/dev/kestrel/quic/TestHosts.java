package dev.kestrel.quic;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.testkit.TestCertificate;

import org.jspecify.annotations.Nullable;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.X509TrustManager;

/** What names are served: all by the certificate of the tests, until a test says otherwise. */
final class TestHosts implements TlsHostSelector {

    final Map<String, TlsEngineSettings> byName = new ConcurrentHashMap<>();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger completed = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    volatile @Nullable TlsEngineSettings others = settings(ClientCertificateMode.NONE, null);
    volatile ClientCertificateMode mode = ClientCertificateMode.NONE;
    volatile Duration handshakeTimeout = Duration.ofSeconds(10);

    static TlsEngineSettings settings(
            ClientCertificateMode mode, @Nullable X509TrustManager trust) {
        ServerCertificate.KeyAndChain certificate =
                (ServerCertificate.KeyAndChain) TestCertificate.server();
        return settings(certificate.key(), certificate.chain(), mode, trust);
    }

    static TlsEngineSettings settings(
            PrivateKey key,
            List<X509Certificate> chain,
            ClientCertificateMode mode,
            @Nullable X509TrustManager trust) {
        return new TlsEngineSettings(
                key,
                chain,
                EnumSet.of(TlsVersion.TLS_1_3),
                List.of("TLS_AES_128_GCM_SHA256"),
                List.of("x25519", "secp256r1"),
                List.of("h3"),
                mode,
                trust);
    }

    @Override
    public @Nullable TlsEngineSettings select(@Nullable String serverName) {
        TlsEngineSettings named = serverName == null ? null : byName.get(serverName);
        return named != null ? named : others;
    }

    @Override
    public ClientCertificateMode clientCertificates() {
        return mode;
    }

    @Override
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    @Override
    public void handshakeStarted() {
        started.incrementAndGet();
    }

    @Override
    public void handshakeEnded(boolean done) {
        (done ? completed : failed).incrementAndGet();
        ended.add(done);
    }
}
