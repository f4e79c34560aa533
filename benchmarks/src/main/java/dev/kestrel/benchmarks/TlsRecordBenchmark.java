package dev.kestrel.benchmarks;

import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.internal.tls.JdkTlsEngineProvider;
import dev.kestrel.testkit.TestCertificate;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;

/** Wrapping one record of TLS 1.3 from and to arrays, by each engine that is there. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TlsRecordBenchmark {

    /** Whose engine. */
    public enum Engine {
        /** The JDK's. */
        JDK,
        /** The one of {@code kestrel-tls-native}, or the JDK's where that does not work. */
        NATIVE
    }

    @Param public Engine engine = Engine.JDK;

    @Param({"100", "16384"})
    public int length = 100;

    private final ByteBuffer record = ByteBuffer.allocate(32 * 1024);
    private ByteBuffer content = ByteBuffer.allocate(0);
    private @Nullable TlsEngine owned;

    @Setup
    public void shakeHands() throws IOException, GeneralSecurityException {
        content = ByteBuffer.allocate(length);
        TlsEngine server = provider().prepare(TlsEngines.settings()).create();
        owned = server;
        SSLEngine client = TestCertificate.client().createSSLEngine();
        client.setUseClientMode(true);
        new TlsConversation(client, server.engine()).shakeHands();
    }

    private TlsEngineProvider provider() {
        return engine == Engine.JDK
                ? new JdkTlsEngineProvider()
                : ServiceLoader.load(TlsEngineProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(TlsEngineProvider::isAvailable)
                        .findFirst()
                        .orElseGet(JdkTlsEngineProvider::new);
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(owned).close();
    }

    @Benchmark
    public int wrap() throws IOException {
        SSLEngine server = Objects.requireNonNull(owned).engine();
        int done = 0;
        content.clear();
        while (done < length) {
            done += server.wrap(content, record.clear()).bytesConsumed();
        }
        return done;
    }
}
