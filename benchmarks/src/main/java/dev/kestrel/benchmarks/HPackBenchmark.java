package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackDecoder;
import dev.kestrel.internal.hpack.HPackEncoder;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackHeaderWriter;
import dev.kestrel.internal.hpack.HPackIndexing;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.hpack.HPackSink;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Header blocks of HTTP/2: the head of a browser's request, and that of a small response. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HPackBenchmark {

    private static final int TABLE = 4096;

    private final HPackDecoder decoder = new HPackDecoder(TABLE, new HPackLimits(8192, 32768, 100));
    private final byte[] repeated;
    private final byte[] literals;

    private final HPackHeaderWriter writer =
            new HPackHeaderWriter(
                    new HPackEncoder(TABLE, HPackIndexingPolicy.DEFAULT), FieldOctets.LATIN_1);
    private final HttpHeaders response = BrowserFields.response();
    private final byte[] block = new byte[2048];

    public HPackBenchmark() {
        HPackEncoder client = new HPackEncoder(TABLE, HPackIndexingPolicy.DEFAULT);
        byte[] first = encode(client, false);
        repeated = encode(client, false);
        literals = encode(client, true);
        decode(first, HPackSink.DISCARD);
    }

    /** The table of the server's encoder has the response's fields. */
    @Setup
    public void fillTable() {
        encodeResponse();
    }

    private static byte[] encode(HPackEncoder encoder, boolean asLiterals) {
        byte[] array = new byte[2048];
        int at = encoder.beginBlock(array, 0, array.length);
        for (String[] field : BrowserFields.REQUEST) {
            HPackName name = HPackName.of(field[0]);
            at =
                    asLiterals
                            ? encoder.encode(
                                    name,
                                    field[1],
                                    HPackIndexing.NEVER_INDEXED,
                                    array,
                                    at,
                                    array.length)
                            : encoder.encode(name, field[1], array, at, array.length);
        }
        encoder.commitSizeUpdates();
        return Arrays.copyOf(array, at);
    }

    private HPackResult decode(byte[] array, HPackSink sink) {
        try {
            return decoder.decode(array, 0, array.length, true, sink);
        } catch (HPackException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head of a request whose fields are in the dynamic table, but for its path. */
    @Benchmark
    public HPackResult decodeRepeated(Blackhole hole) {
        return decode(repeated, (name, value) -> hole.consume(value));
    }

    /** The same where every value comes as Huffman code. */
    @Benchmark
    public HPackResult decodeLiterals(Blackhole hole) {
        return decode(literals, (name, value) -> hole.consume(value));
    }

    /** The head of a small response, like the one before. */
    @Benchmark
    public int encodeResponse() {
        writer.beginResponse(200, response, block, 0, block.length);
        return writer.end();
    }
}
