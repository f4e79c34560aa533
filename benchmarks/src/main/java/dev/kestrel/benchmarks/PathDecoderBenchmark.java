package dev.kestrel.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.internal.protocol.PathDecoder;
import dev.kestrel.internal.protocol.RejectedRequestException;

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
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** From the bytes of a path to what applications see. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PathDecoderBenchmark {

    /** Which path. */
    public enum Path {
        /** Nothing to do but make a text of it. */
        SHORT("/plaintext"),
        /** The same, 120 bytes long. */
        LONG("/articles" + "/2481-reading-bytes-in-place".repeat(4)),
        /** Dot segments. */
        DOTS("/articles/./2481/../../assets/app.js"),
        /** Characters outside ASCII, and a space. */
        ESCAPES("/caf%C3%A9/%E2%82%AC%20100/index.html");

        private final byte[] bytes;

        Path(String text) {
            bytes = RequestHeads.bytes(text);
        }
    }

    @Param public Path path = Path.SHORT;

    private byte[] line = new byte[0];
    private int from;

    @Setup
    public void prepare() {
        line = RequestHeads.bytes("GET " + new String(path.bytes, US_ASCII) + " HTTP/1.1\n");
        from = "GET ".length();
    }

    @Benchmark
    public String decode() throws RejectedRequestException {
        return PathDecoder.decode(line, from, from + path.bytes.length);
    }
}
