package dev.kestrel.internal.http1;

import dev.kestrel.benchmarks.InMemoryServer;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.options.HeaderEncodingSelector;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Writing the head of a response. One operation is one head; a flush that goes nowhere follows
 * after {@value #BATCH} of them, as with pipelined requests.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ResponseHeadBenchmark {

    private static final int BATCH = 16;

    /** Which head. */
    public enum Head {
        /** {@code Content-Type} and {@code Content-Length}, and what the server adds. */
        SMALL,
        /** Ten fields, and what the server adds. */
        TEN_FIELDS,
        /** {@code Content-Type} and no length: the body is chunked. */
        CHUNKED
    }

    @Param public Head head = Head.SMALL;

    private final ProtocolResponse response;
    private final PipeWriter writer;
    private final Http1HeadWriter heads;

    public ResponseHeadBenchmark() {
        InMemoryServer server = new InMemoryServer();
        Http1Connection connection = server.idleConnection();
        connection.request().setLine("GET", "HTTP/1.1", "http");
        response = connection.response();
        Http1RequestHead request = new Http1RequestHead();
        request.keepAlive = true;
        request.contentLength = -1;
        Http1ResponseRules rules = new Http1ResponseRules();
        rules.begin(request, true);
        writer = new SinkPipeWriter(server.pool(), new Nowhere());
        heads =
                new Http1HeadWriter(
                        writer, rules, server.date(), true, HeaderEncodingSelector.DEFAULT, null);
    }

    @Setup
    public void prepare() {
        HttpHeaders headers = response.headers();
        headers.clear();
        headers.set(KnownHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        if (head == Head.TEN_FIELDS) {
            headers.set("Cache-Control", "private, max-age=0, must-revalidate")
                    .set("ETag", "\"5f3c-19b2d4a7c80\"")
                    .set("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
                    .set("Vary", "Accept-Encoding, Cookie")
                    .set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
                    .set("X-Content-Type-Options", "nosniff")
                    .set("X-Request-Id", "3f9d2c81a4b7e650")
                    .set("Set-Cookie", "session=3f9d2c81a4b7e650; Path=/; Secure; HttpOnly");
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public PipeWriter write() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            if (head != Head.CHUNKED) {
                response.contentLength(13);
            }
            heads.write(response);
        }
        writer.flush();
        return writer;
    }

    private static final class Nowhere implements ByteSink {
        @Override
        public void write(ByteBuffer source) {
            source.position(source.limit());
        }

        @Override
        public void write(ByteBuffer[] sources, int count) {
            for (int i = 0; i < count; i++) {
                write(sources[i]);
            }
        }
    }
}
