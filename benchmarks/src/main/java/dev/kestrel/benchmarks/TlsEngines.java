package dev.kestrel.benchmarks;

import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsEngineFactory;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.internal.tls.JdkTlsEngineProvider;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.testkit.TestCertificate;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;

import javax.net.ssl.SSLEngine;

/**
 * Compares the TLS engines that are there: CPU time of the server's side of TLS 1.3, in turns, so
 * that what else the machine does hits all of them. The client is the JDK's, and not counted.
 *
 * <p>Arguments: rounds, handshakes of each kind in a round, records of 16 KiB each way in a round.
 */
final class TlsEngines {

    private static final char[] PASSWORD = "kestrel".toCharArray();
    private static final int HOSTS = 8;

    private TlsEngines() {}

    private record Candidate(String name, TlsEngineFactory factory, int port) {

        /** Resumes a session when it has been here before and gives a host. */
        TlsConversation shakeHands(int host) throws IOException {
            SSLEngine client =
                    host < 0
                            ? TestCertificate.client().createSSLEngine()
                            : TestCertificate.client().createSSLEngine("localhost", port + host);
            client.setUseClientMode(true);
            try (TlsEngine engine = factory.create()) {
                return new TlsConversation(client, engine.engine()).shakeHands();
            }
        }

        double handshakesPerSecond(int count, boolean resumed) throws IOException {
            long time = 0;
            for (int i = 0; i < count; i++) {
                time += shakeHands(resumed ? i % HOSTS : -1).serverTime;
            }
            return count * 1e9 / time;
        }

        double megabytesPerSecond(int records, boolean download) throws IOException {
            SSLEngine client = TestCertificate.client().createSSLEngine();
            client.setUseClientMode(true);
            try (TlsEngine engine = factory.create()) {
                TlsConversation conversation = new TlsConversation(client, engine.engine());
                conversation.shakeHands().serverTime = 0;
                if (download) {
                    conversation.download(records);
                } else {
                    conversation.upload(records);
                }
                return conversation.bytes * 1e3 / conversation.serverTime;
            }
        }
    }

    public static void main(String... args) throws IOException, GeneralSecurityException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 6;
        int handshakes = args.length > 1 ? Integer.parseInt(args[1]) : 300;
        int records = args.length > 2 ? Integer.parseInt(args[2]) : 4000;
        List<TlsEngineProvider> providers =
                ServiceLoader.load(TlsEngineProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(TlsEngineProvider::isAvailable)
                        .toList();
        Candidate jdk = candidate(new JdkTlsEngineProvider(), 1000);
        Candidate[] all = new Candidate[1 + providers.size()];
        all[0] = jdk;
        for (int i = 0; i < providers.size(); i++) {
            all[i + 1] = candidate(providers.get(i), 1000 * (i + 2));
        }
        System.out.println(
                "round engine      full/s  resumed/s  out MB/s  in MB/s  (a CPU second)");
        for (int round = 1; round <= rounds; round++) {
            for (Candidate each : all) {
                System.out.printf(
                        Locale.ROOT,
                        "%5d %-10s %7.0f %10.0f %9.0f %8.0f%n",
                        round,
                        each.name,
                        each.handshakesPerSecond(handshakes, false),
                        each.handshakesPerSecond(handshakes, true),
                        each.megabytesPerSecond(records, true),
                        each.megabytesPerSecond(records, false));
            }
        }
    }

    private static Candidate candidate(TlsEngineProvider provider, int port)
            throws IOException, GeneralSecurityException {
        return new Candidate(provider.name(), provider.prepare(settings()), port);
    }

    /** TLS 1.3 with x25519 and a certificate of EC P-256. */
    static TlsEngineSettings settings() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = TestCertificate.class.getResourceAsStream("localhost.p12")) {
            store.load(file, PASSWORD);
        }
        return new TlsEngineSettings(
                (PrivateKey) store.getKey(store.aliases().nextElement(), PASSWORD),
                List.of(TestCertificate.certificate()),
                Set.of(TlsVersion.TLS_1_3),
                HttpsOptions.builder().certificate(TestCertificate.server()).build().cipherSuites(),
                List.of("x25519"),
                List.of(),
                ClientCertificateMode.NONE,
                null);
    }
}
