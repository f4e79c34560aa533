package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.qpack.QPackDecoder;
import dev.kestrel.internal.qpack.QPackEncoder;
import dev.kestrel.internal.qpack.QPackException;
import dev.kestrel.internal.qpack.QPackFieldSection;
import dev.kestrel.internal.qpack.QPackHeaderWriter;

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

/**
 * Field sections of HTTP/3: the head of a browser's request, and that of a small response, which is
 * encoded without the dynamic table and with all of it there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class QPackBenchmark {

    private static final int TABLE = 4096;
    private static final int BLOCKED = 16;
    private static final HPackLimits LIMITS = new HPackLimits(8192, 32768, 100);

    private final QPackFieldSection section =
            new QPackFieldSection(new QPackDecoder(TABLE, BLOCKED), LIMITS);
    private final byte[] request;

    private final HttpHeaders response = BrowserFields.response();
    private final QPackHeaderWriter withoutTable;
    private final QPackHeaderWriter withTable;
    private final QPackEncoder encoder;
    private final QPackDecoder client = new QPackDecoder(TABLE, BLOCKED);
    private final QPackFieldSection clientSection = new QPackFieldSection(client, LIMITS);
    private final byte[] instructions = new byte[64];
    private final byte[] block = new byte[2048];
    private long stream;

    public QPackBenchmark() {
        HttpHeaders fields = new HttpHeaders();
        for (String[] field : BrowserFields.REQUEST) {
            if (field[0].charAt(0) != ':') {
                fields.set(field[0], field[1]);
            }
        }
        QPackHeaderWriter browser = writer(new QPackEncoder(0, HPackIndexingPolicy.DEFAULT));
        browser.beginTrailers(0, fields);
        browser.write(block, 0, block.length);
        request = Arrays.copyOf(block, browser.end());
        withoutTable = writer(new QPackEncoder(0, HPackIndexingPolicy.DEFAULT));
        encoder = new QPackEncoder(TABLE, HPackIndexingPolicy.DEFAULT);
        encoder.setPeerSettings(TABLE, BLOCKED);
        withTable = writer(encoder);
    }

    /** The table of the server's encoder has the response's fields, and the client says so. */
    @Setup
    public void fillTable() {
        for (int i = 0; i < 10; i++) {
            encodeWithTable();
        }
    }

    private static QPackHeaderWriter writer(QPackEncoder encoder) {
        return new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);
    }

    /** The fields of a request as literals in Huffman code, with names of the static table. */
    @Benchmark
    public HPackResult decodeLiterals(Blackhole hole) {
        HPackSink sink = (name, value) -> hole.consume(value);
        try {
            section.begin(0);
            int at = section.readPrefix(request, 0, request.length, true);
            return section.decode(request, at, request.length, true, sink);
        } catch (QPackException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head of a small response, for a client that has no table. */
    @Benchmark
    public int encodeWithoutTable() {
        withoutTable.beginResponse(0, 200, response);
        withoutTable.write(block, 0, block.length);
        return withoutTable.end();
    }

    /** The same for a client that has one, acknowledges it, and has seen such a head before. */
    @Benchmark
    public int encodeWithTable() {
        try {
            withTable.beginResponse(stream, 200, response);
            withTable.write(block, 0, block.length);
            int end = withTable.end();
            if (encoder.hasInstructions()) {
                byte[] inserts = new byte[TABLE];
                client.onEncoderStream(inserts, 0, encoder.writeInstructions(inserts, 0, TABLE));
            }
            acknowledge(end);
            stream += 4;
            return end;
        } catch (QPackException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the client says of a section, which costs the encoder something, too. */
    private void acknowledge(int end) throws QPackException {
        clientSection.begin(stream);
        int at = clientSection.readPrefix(block, 0, end, true);
        clientSection.decode(block, at, end, true, HPackSink.DISCARD);
        while (client.hasInstructions()) {
            int count = client.writeInstructions(instructions, 0, instructions.length);
            encoder.onDecoderStream(instructions, 0, count);
        }
    }
}
