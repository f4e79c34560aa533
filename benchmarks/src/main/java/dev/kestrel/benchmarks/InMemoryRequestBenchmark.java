package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.HttpResponse;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A whole HTTP/1.1 request, from the bytes that were read to the bytes that are written: everything
 * but the socket and the switch between threads. One operation is one request.
 *
 * <p>An invocation serves a connection with {@value #REQUESTS} requests, so what a connection costs
 * adds a byte or so to each; {@link #connection} measures that by itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class InMemoryRequestBenchmark {

    private static final int REQUESTS = 10_000;
    private static final int PIPELINED = 16;
    private static final int BODY = 4096;

    private static final byte[] PLAINTEXT = ascii("Hello, World!");
    private static final byte[] JSON = ascii("{\"message\":\"Hello, World!\"}");

    private final InMemoryServer server = new InMemoryServer();
    private final byte[] buffer = new byte[BODY];

    private final byte[] loadTool = RequestHeads.loadTool();
    private final byte[] fiveFields = RequestHeads.fiveFields();
    private final byte[] browser = RequestHeads.browser();
    private final byte[] pipelined = ascii(text(loadTool).repeat(PIPELINED));
    private final byte[] alternating = concat(fiveFields, RequestHeads.fiveFields("/other/path"));
    private final byte[] json = RequestHeads.fiveFields("/json");
    private final byte[] post = post("Content-Length: " + BODY, "x".repeat(BODY));
    private final byte[] chunked =
            post("Transfer-Encoding: chunked", "1000\r\n" + "x".repeat(BODY) + "\r\n0\r\n\r\n");

    private final HttpHandler plaintext =
            context -> context.response().contentType("text/plain").send(PLAINTEXT);
    private final HttpHandler answerJson =
            context -> context.response().contentType("application/json").send(JSON);
    private final HttpHandler stream = this::stream;
    private final HttpHandler echo = this::echo;

    /** GET with one field, answered with 13 bytes. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getOneField() throws IOException {
        return server.serve(loadTool, REQUESTS, plaintext);
    }

    /** GET with five fields, answered with 13 bytes. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getFiveFields() throws IOException {
        return server.serve(fiveFields, REQUESTS, plaintext);
    }

    /** GET with twenty fields, answered with 13 bytes. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getTwentyFields() throws IOException {
        return server.serve(browser, REQUESTS, plaintext);
    }

    /** Sixteen GETs with one field in each read, answered with one write. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getPipelined() throws IOException {
        return server.serve(pipelined, REQUESTS / PIPELINED, plaintext);
    }

    /** GETs whose path is never that of the request before, two in each read. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getChangingPath() throws IOException {
        return server.serve(alternating, REQUESTS / 2, plaintext);
    }

    /** GET with five fields, answered with a small JSON text. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getJson() throws IOException {
        return server.serve(json, REQUESTS, answerJson);
    }

    /** GET whose answer of 4 KiB goes through the output stream. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long getStreamed() throws IOException {
        return server.serve(fiveFields, REQUESTS, stream);
    }

    /** POST of 4 KiB with a length, echoed with one. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long postEcho() throws IOException {
        return server.serve(post, REQUESTS, echo);
    }

    /** POST of 4 KiB in one chunk, echoed in one. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long postEchoChunked() throws IOException {
        return server.serve(chunked, REQUESTS, echo);
    }

    /** A new connection with one GET: what it takes to make the objects of a connection. */
    @Benchmark
    public long connection() throws IOException {
        return server.serve(fiveFields, 1, plaintext);
    }

    private void stream(HttpContext context) throws IOException {
        HttpResponse response = context.response();
        response.contentType("application/octet-stream");
        response.outputStream().write(buffer);
    }

    private void echo(HttpContext context) throws IOException {
        HttpRequest request = context.request();
        HttpResponse response = context.response();
        response.contentType("application/octet-stream");
        boolean sized = request.contentLength() >= 0;
        if (sized) {
            response.contentLength(request.contentLength());
        }
        InputStream in = request.inputStream();
        OutputStream out = response.outputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    private static byte[] post(String framing, String body) {
        String head =
                """
                POST /echo HTTP/1.1
                Host: server.example.com:8080
                User-Agent: Mozilla/5.0 (X11; Linux x86_64)
                Accept: */*
                Content-Type: application/octet-stream
                %s

                """;
        return concat(RequestHeads.bytes(head.formatted(framing)), ascii(body));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ascii(text(first) + text(second));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
