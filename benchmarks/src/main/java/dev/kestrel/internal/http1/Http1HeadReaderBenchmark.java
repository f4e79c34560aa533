package dev.kestrel.internal.http1;

import dev.kestrel.benchmarks.RequestHeads;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.ByteSequence;

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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The parser alone: a head that lies in one buffer becomes fields. One operation is one head. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Http1HeadReaderBenchmark {

    /** Which head. */
    public enum Head {
        /** One field, about 50 bytes. */
        LOAD_TOOL(RequestHeads.loadTool()),
        /** Five fields, about 200 bytes. */
        FIVE_FIELDS(RequestHeads.fiveFields()),
        /** Twenty fields, about 1,000 bytes. */
        BROWSER(RequestHeads.browser());

        private final byte[] bytes;

        Head(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** What the head before has to do with this one. */
    public enum Reuse {
        /** They are the same: every line is recognised. */
        SAME,
        /** No line is the same: each is parsed, and remembered in vain. */
        CHANGING,
        /** They are the same, and reuse is switched off: each line is parsed. */
        OFF
    }

    @Param public Head head = Head.LOAD_TOOL;
    @Param public Reuse reuse = Reuse.SAME;

    private final RequestHeaders headers = new RequestHeaders();
    private Http1HeadReader reader =
            new Http1HeadReader(
                    headers, new RequestHeaders(), KestrelServerOptions.builder().build());
    private ByteSequence next = ByteSequence.of(new byte[0]);
    private ByteSequence afterNext = next;

    @Setup
    public void prepare() {
        reader =
                new Http1HeadReader(
                        headers,
                        new RequestHeaders(),
                        KestrelServerOptions.builder()
                                .disableStringReuse(reuse == Reuse.OFF)
                                .build());
        next = ByteSequence.of(head.bytes);
        afterNext = ByteSequence.of(reuse == Reuse.CHANGING ? changed(head.bytes) : head.bytes);
    }

    @Benchmark
    public RequestHeaders parse() throws IOException {
        ByteSequence now = next;
        next = afterNext;
        afterNext = now;
        headers.recycle();
        reader.begin();
        if (!reader.parse(now)) {
            throw new IllegalStateException("The head is not complete");
        }
        return headers;
    }

    /** As many bytes, with another target and other values. */
    private static byte[] changed(byte[] head) {
        String text = new String(head, StandardCharsets.US_ASCII);
        int firstLine = text.indexOf('\n') + 1;
        String line = text.substring(0, firstLine).replace("/p", "/q").replace("/a", "/b");
        String fields = text.substring(firstLine).replaceAll("(?md)[^\r\n\"](\"?)\r$", "~$1\r");
        return (line + fields).getBytes(StandardCharsets.US_ASCII);
    }
}
